"""The protobuf messages of google.firestore.v1, raw: the wrappers that the client library puts around them would cost a
server half of its time. To the type checker they are Any, since their fields are made at run time."""

from typing import TYPE_CHECKING, Any, TypeAlias

from google.protobuf.empty_pb2 import Empty
from google.protobuf.timestamp_pb2 import Timestamp

if TYPE_CHECKING:
    AggregationResult: TypeAlias = Any
    BatchGetDocumentsRequest: TypeAlias = Any
    BatchGetDocumentsResponse: TypeAlias = Any
    BatchWriteRequest: TypeAlias = Any
    BatchWriteResponse: TypeAlias = Any
    BeginTransactionRequest: TypeAlias = Any
    BeginTransactionResponse: TypeAlias = Any
    CommitRequest: TypeAlias = Any
    CommitResponse: TypeAlias = Any
    CreateDocumentRequest: TypeAlias = Any
    Cursor: TypeAlias = Any
    DeleteDocumentRequest: TypeAlias = Any
    Document: TypeAlias = Any
    DocumentMask: TypeAlias = Any
    DocumentTransform: TypeAlias = Any
    ExplainMetrics: TypeAlias = Any
    ExplainOptions: TypeAlias = Any
    GetDocumentRequest: TypeAlias = Any
    LatLng: TypeAlias = Any
    ListCollectionIdsRequest: TypeAlias = Any
    ListCollectionIdsResponse: TypeAlias = Any
    ListDocumentsRequest: TypeAlias = Any
    ListDocumentsResponse: TypeAlias = Any
    ListenRequest: TypeAlias = Any
    ListenResponse: TypeAlias = Any
    MapValue: TypeAlias = Any
    PartitionQueryRequest: TypeAlias = Any
    PartitionQueryResponse: TypeAlias = Any
    Precondition: TypeAlias = Any
    RollbackRequest: TypeAlias = Any
    RunAggregationQueryRequest: TypeAlias = Any
    RunAggregationQueryResponse: TypeAlias = Any
    RunQueryRequest: TypeAlias = Any
    RunQueryResponse: TypeAlias = Any
    StructuredQuery: TypeAlias = Any
    StructuredAggregationQuery: TypeAlias = Any
    Target: TypeAlias = Any
    TargetChange: TypeAlias = Any
    TransactionOptions: TypeAlias = Any
    UpdateDocumentRequest: TypeAlias = Any
    Value: TypeAlias = Any
    Write: TypeAlias = Any
    WriteRequest: TypeAlias = Any
    WriteResponse: TypeAlias = Any
    WriteResult: TypeAlias = Any
else:
    from google.cloud.firestore_v1 import types
    from google.type.latlng_pb2 import LatLng

    AggregationResult = types.AggregationResult.pb()
    BatchGetDocumentsRequest = types.BatchGetDocumentsRequest.pb()
    BatchGetDocumentsResponse = types.BatchGetDocumentsResponse.pb()
    BatchWriteRequest = types.BatchWriteRequest.pb()
    BatchWriteResponse = types.BatchWriteResponse.pb()
    BeginTransactionRequest = types.BeginTransactionRequest.pb()
    BeginTransactionResponse = types.BeginTransactionResponse.pb()
    CommitRequest = types.CommitRequest.pb()
    CommitResponse = types.CommitResponse.pb()
    CreateDocumentRequest = types.CreateDocumentRequest.pb()
    Cursor = types.Cursor.pb()
    DeleteDocumentRequest = types.DeleteDocumentRequest.pb()
    Document = types.Document.pb()
    DocumentMask = types.DocumentMask.pb()
    DocumentTransform = types.DocumentTransform.pb()
    ExplainMetrics = types.ExplainMetrics.pb()
    ExplainOptions = types.ExplainOptions.pb()
    GetDocumentRequest = types.GetDocumentRequest.pb()
    ListCollectionIdsRequest = types.ListCollectionIdsRequest.pb()
    ListCollectionIdsResponse = types.ListCollectionIdsResponse.pb()
    ListDocumentsRequest = types.ListDocumentsRequest.pb()
    ListDocumentsResponse = types.ListDocumentsResponse.pb()
    ListenRequest = types.ListenRequest.pb()
    ListenResponse = types.ListenResponse.pb()
    MapValue = types.MapValue.pb()
    PartitionQueryRequest = types.PartitionQueryRequest.pb()
    PartitionQueryResponse = types.PartitionQueryResponse.pb()
    Precondition = types.Precondition.pb()
    RollbackRequest = types.RollbackRequest.pb()
    RunAggregationQueryRequest = types.RunAggregationQueryRequest.pb()
    RunAggregationQueryResponse = types.RunAggregationQueryResponse.pb()
    RunQueryRequest = types.RunQueryRequest.pb()
    RunQueryResponse = types.RunQueryResponse.pb()
    StructuredQuery = types.StructuredQuery.pb()
    StructuredAggregationQuery = types.StructuredAggregationQuery.pb()
    Target = types.Target.pb()
    TargetChange = types.TargetChange.pb()
    TransactionOptions = types.TransactionOptions.pb()
    UpdateDocumentRequest = types.UpdateDocumentRequest.pb()
    Value = types.Value.pb()
    Write = types.Write.pb()
    WriteRequest = types.WriteRequest.pb()
    WriteResponse = types.WriteResponse.pb()
    WriteResult = types.WriteResult.pb()

__all__ = [
    "AggregationResult",
    "BatchGetDocumentsRequest",
    "BatchGetDocumentsResponse",
    "BatchWriteRequest",
    "BatchWriteResponse",
    "BeginTransactionRequest",
    "BeginTransactionResponse",
    "CommitRequest",
    "CommitResponse",
    "CreateDocumentRequest",
    "Cursor",
    "DeleteDocumentRequest",
    "Document",
    "DocumentMask",
    "DocumentTransform",
    "Empty",
    "ExplainMetrics",
    "ExplainOptions",
    "GetDocumentRequest",
    "LatLng",
    "ListCollectionIdsRequest",
    "ListCollectionIdsResponse",
    "ListDocumentsRequest",
    "ListDocumentsResponse",
    "ListenRequest",
    "ListenResponse",
    "MapValue",
    "PartitionQueryRequest",
    "PartitionQueryResponse",
    "Precondition",
    "RollbackRequest",
    "RunAggregationQueryRequest",
    "RunAggregationQueryResponse",
    "RunQueryRequest",
    "RunQueryResponse",
    "StructuredAggregationQuery",
    "StructuredQuery",
    "Target",
    "TargetChange",
    "Timestamp",
    "TransactionOptions",
    "UpdateDocumentRequest",
    "Value",
    "Write",
    "WriteRequest",
    "WriteResponse",
    "WriteResult",
]
