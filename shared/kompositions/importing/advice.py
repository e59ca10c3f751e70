"""Advice: what to do about a problem, by its code."""

from collections.abc import Mapping

_OTHERWISE = "Correct it as the schema says."

ADVICE: Mapping[str, str] = {
    "slots_out_of_order": "Sort the segments by their start.",
    "overlap": "Let the earlier segment end where the later one begins.",
    "multiple_of": "Use an even number.",
    "transition_over_gap": "Leave the transition out, or let the segments meet.",
    "duplicate_transition": "Leave the second transition out.",
    "empty_slot": "Leave the segment out, or let it last longer.",
    "slot_too_short": "Let the segment last a frame at least.",
    "duplicate_id": "Give each its own id.",
    "empty_range": "Let it end after it starts.",
    "empty_render": "Render the whole film.",
    "float_type": "Write a number without quotes.",
    "int_type": "Write a whole number without quotes.",
    "int_from_float": "Write a whole number.",
    "string_type": "Write text in quotes.",
    "bool_type": "Write true or false.",
    "list_type": "Write a list.",
    "dict_type": "Write an object.",
    "model_type": "Write an object.",
    "missing": "Add the field.",
    "extra_forbidden": "Remove the field, or move it into extra.",
    "codec_container": "Leave the codec out: the container's usual one is taken.",
    "time_unit": 'Say the unit, such as {"beats": 4}.',
    "time_value": 'Write a number, or a fraction such as "1/3".',
    "unknown_source": "Add it to sources or correct the id.",
    "source_kind": "Name a source of the right kind.",
    "unknown_segment": "Correct the id.",
    "unknown_effect": "Use one of GET /v1/operations.",
    "not_neighbours": "Name two segments that follow each other.",
    "transition_duration": "Make the transition as long as the slots overlap.",
    "transition_too_long": "Make the transition shorter.",
    "transition_too_short": "Make the transition longer.",
    "transitions_overlap": "Make the transitions shorter or the slot longer.",
    "nothing_to_render": "Add a segment to a video track.",
    "too_long": "Split it into parts.",
    "effect_apart": "Make one effect for each run of neighbours.",
    "effects_cross": "Let one effect lie within the other.",
    "effect_circle": "Break the circle.",
    "greater_than": "Use a larger number.",
    "greater_than_equal": "Use a larger number.",
    "less_than": "Use a smaller number.",
    "less_than_equal": "Use a smaller number.",
    "literal_error": "Use one of the values that the schema lists.",
}


def advice(code: str) -> str:
    """A sentence."""
    return ADVICE.get(code, _OTHERWISE)
