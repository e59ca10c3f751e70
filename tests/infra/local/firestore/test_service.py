"""The wire: whatever arrives, the answer is a status that says what is wrong with it, never an internal error."""

import os
import random
from typing import Any

import grpc
import pytest
from google.cloud import firestore
from google.cloud.firestore_v1 import types

from tests.infra.local.firestore.conftest import HOST

DATABASE = "projects/fuzz/databases/(default)"
ROOT = f"{DATABASE}/documents"
DOCUMENT = f"{ROOT}/things/one"
FIELDS = {
    "n": {"integer_value": 1},
    "list": {"array_value": {"values": [{"string_value": "x"}]}},
    "at": {"timestamp_value": {"seconds": 5}},
}
QUERY = {
    "from_": [{"collection_id": "things"}],
    "where": {"field_filter": {"field": {"field_path": "n"}, "op": 1, "value": {"integer_value": 5}}},
    "order_by": [{"field": {"field_path": "n"}, "direction": 2}],
    "start_at": {"values": [{"integer_value": 4}]},
    "limit": 3,
}
REQUESTS: dict[str, Any] = {
    "GetDocument": types.GetDocumentRequest(name=DOCUMENT, mask={"field_paths": ["n"]}),
    "ListDocuments": types.ListDocumentsRequest(parent=ROOT, collection_id="things", page_size=3, order_by="n desc"),
    "CreateDocument": types.CreateDocumentRequest(parent=ROOT, collection_id="things", document={"fields": FIELDS}),
    "UpdateDocument": types.UpdateDocumentRequest(
        document={"name": DOCUMENT, "fields": FIELDS}, update_mask={"field_paths": ["n"]}
    ),
    "DeleteDocument": types.DeleteDocumentRequest(name=DOCUMENT, current_document={"exists": True}),
    "BeginTransaction": types.BeginTransactionRequest(database=DATABASE, options={"read_only": {}}),
    "Commit": types.CommitRequest(
        database=DATABASE,
        writes=[
            {
                "update": {"name": DOCUMENT, "fields": FIELDS},
                "update_transforms": [{"field_path": "n", "increment": {"integer_value": 2}}],
            },
            {"delete": f"{ROOT}/things/two"},
        ],
    ),
    "Rollback": types.RollbackRequest(database=DATABASE, transaction=b"x"),
    "BatchWrite": types.BatchWriteRequest(database=DATABASE, writes=[{"update": {"name": DOCUMENT, "fields": FIELDS}}]),
    "ListCollectionIds": types.ListCollectionIdsRequest(parent=DOCUMENT),
    "PartitionQuery": types.PartitionQueryRequest(
        parent=ROOT,
        structured_query={"from_": [{"collection_id": "things", "all_descendants": True}]},
        partition_count=3,
    ),
    "BatchGetDocuments": types.BatchGetDocumentsRequest(database=DATABASE, documents=[DOCUMENT]),
    "RunQuery": types.RunQueryRequest(parent=ROOT, structured_query=QUERY),
    "RunAggregationQuery": types.RunAggregationQueryRequest(
        parent=ROOT,
        structured_aggregation_query={
            "structured_query": QUERY,
            "aggregations": [{"alias": "n", "count": {"up_to": 5}}],
        },
    ),
}
STREAMED = {"BatchGetDocuments", "RunQuery", "RunAggregationQuery"}
BUGS = {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE}


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The message with a few of its bytes replaced, dropped or doubled."""
    message = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        position = chance.randrange(len(message))
        match chance.randrange(3):
            case 0:
                message[position] = chance.randrange(256)
            case 1:
                message[position : position + 1] = b""
            case 2:
                message[position:position] = message[position : position + 3]
        if not message:
            break
    return bytes(message)


@pytest.mark.parametrize("method", REQUESTS)
def test_a_damaged_request_is_never_an_internal_error(client: firestore.Client, method: str) -> None:
    request = REQUESTS[method]
    raw = type(request).serialize(request)
    chance = random.Random(method)
    with grpc.insecure_channel(os.environ[HOST]) as channel:
        make = channel.unary_stream if method in STREAMED else channel.unary_unary
        call = make(f"/google.firestore.v1.Firestore/{method}")
        for message in [raw, b"", b"\xff" * 20, *(damaged(raw, chance) for _ in range(50))]:
            try:
                answer = call(message, timeout=10)
                list(answer) if method in STREAMED else None
            except grpc.RpcError as error:
                assert error.code() not in BUGS, (error.details(), message)


def test_what_is_not_served_says_so(client: firestore.Client) -> None:
    with pytest.raises(Exception, match="Method not found"):
        client._firestore_api.transport.execute_pipeline(types.ExecutePipelineRequest(database=DATABASE)).__next__()
