"""Drafting: what the template of a pattern would be today, before anybody's decisions."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.patterns.classifier import Classifier, features_of
from shared.patterns.pattern import SequencePattern
from shared.patterns.templates.template import Figures, TemplateStep, template_id
from shared.patterns.typical import TypicalStep


@dataclass(frozen=True)
class Draft:
    """A pattern with the steps and the kind of work that were learned for it. `proposed`: it deserves a template of its own."""

    pattern: SequencePattern
    steps: tuple[TemplateStep, ...]
    workflow_type: str
    proposed: bool

    @property
    def id(self) -> str:
        """Of its template."""
        return template_id(self.pattern.pattern)

    def figures(self) -> Figures:
        """As the template tells them."""
        pattern, workflow = self.pattern, self.pattern.workflow
        told = pattern.model_dump(include=set(Figures.model_fields))
        return Figures.model_validate(
            {
                **told,
                "trend": pattern.trend,
                "saving": pattern.saving,
                "type_probability": workflow.probability if workflow else None,
                "evidence": workflow.evidence if workflow else (),
            }
        )


def drafted(
    pattern: SequencePattern, typical: Mapping[int, TypicalStep], classifier: Classifier, *, proposed: bool
) -> Draft:
    """The draft of a pattern, from what its steps are usually run with."""
    steps = [(operation, typical.get(place, TypicalStep())) for place, operation in enumerate(pattern.operations)]
    first = typical.get(0, TypicalStep())
    features = features_of(
        pattern.operations,
        outputs=[step.output for _, step in steps if step.output],
        kinds=[first.kind] if first.kind else (),
        sizes=[first.size] if first.size else (),
    )
    workflow = classifier.classify(features, pattern.stated)
    return Draft(
        pattern=pattern.model_copy(update={"workflow": workflow}),
        steps=tuple(
            TemplateStep(
                operation=operation,
                parameters=step.parameters,
                input_format=step.input,
                output_format=step.output,
            )
            for operation, step in steps
        ),
        workflow_type=workflow.type,
        proposed=proposed,
    )
