"""count, sum and avg, and what Query Explain says about queries."""

import math

import pytest
from google.api_core.exceptions import InvalidArgument
from google.cloud import firestore
from google.cloud.firestore_v1.aggregation import AggregationQuery
from google.cloud.firestore_v1.base_query import FieldFilter


@pytest.fixture
def sales(client: firestore.Client) -> firestore.CollectionReference:
    batch = client.batch()
    for number in range(10):
        batch.set(client.document(f"sales/{number}"), {"n": number, "half": number / 2, "even": number % 2 == 0})
    batch.set(client.document("sales/odd"), {"n": "text", "even": False})
    batch.commit()
    return client.collection("sales")


def test_counts_of_all_of_some_and_up_to(sales: firestore.CollectionReference) -> None:
    assert sales.count().get()[0][0].value == 11
    assert sales.where(filter=FieldFilter("even", "==", True)).count().get()[0][0].value == 5
    assert (
        sales.where(filter=FieldFilter("n", ">", 3))
        .where(filter=FieldFilter("even", "==", True))
        .count()
        .get()[0][0]
        .value
        == 3
    )
    assert sales.order_by("half").count().get()[0][0].value == 10
    assert sales.order_by("n").start_after({"n": 7}).count().get()[0][0].value == 3
    assert sales.limit(4).count().get()[0][0].value == 4
    assert sales.where(filter=FieldFilter("none", "==", 1)).count().get()[0][0].value == 0


def test_sums_keep_integers_and_ignore_what_is_no_number(sales: firestore.CollectionReference) -> None:
    assert sales.sum("n").get()[0][0].value == 45
    assert isinstance(sales.sum("n").get()[0][0].value, int)
    assert sales.sum("half").get()[0][0].value == 22.5
    assert sales.sum("none").get()[0][0].value == 0


def test_averages(client: firestore.Client, sales: firestore.CollectionReference) -> None:
    assert sales.avg("n").get()[0][0].value == 4.5
    request = {
        "parent": f"{client._database_string}/documents",
        "structured_aggregation_query": sales.avg("none", alias="mean")._to_protobuf(),
    }
    responses = client._firestore_api.run_aggregation_query(request=request, metadata=client._rpc_metadata)
    mean = next(iter(responses)).result.aggregate_fields["mean"]
    assert mean._pb.WhichOneof("value_type") == "null_value"  # the client shows 0.0


def test_aggregations_together_have_their_aliases(sales: firestore.CollectionReference) -> None:
    query = (
        sales.where(filter=FieldFilter("even", "==", True))
        .count(alias="count")
        .sum("n", alias="sum")
        .avg("half", alias="mean")
    )
    assert {each.alias: each.value for each in query.get()[0]} == {"count": 5, "sum": 20, "mean": 2.0}


def test_a_limit_keeps_the_least_of_the_values_summed_up(client: firestore.Client) -> None:
    bids = client.collection("bids")
    for name, amount in (("a", 9), ("b", 7), ("c", 1), ("d", 2)):
        bids.document(name).set({"amount": amount, "lot": 1})
    bids.document("e").set({"lot": 1})
    assert bids.limit(2).sum("amount").get()[0][0].value == 3
    assert bids.limit(3).avg("amount").get()[0][0].value == pytest.approx(10 / 3)
    assert bids.where(filter=FieldFilter("lot", "==", 1)).offset(3).sum("amount").get()[0][0].value == 9
    assert bids.order_by("__name__").limit(2).sum("amount").get()[0][0].value == 16


def test_aggregations_must_be_there_once_and_under_different_names(client: firestore.Client) -> None:
    query = client.collection("any").limit(1)
    with pytest.raises(InvalidArgument, match="Aggregation aliases contain duplicate alias"):
        query.count(alias="total").sum("n", alias="total").get()
    with pytest.raises(InvalidArgument, match="Aggregations can not be empty"):
        AggregationQuery(query).get()


def test_a_sum_beyond_int64_becomes_a_double(client: firestore.Client) -> None:
    for name in "ab":
        client.document(f"big/{name}").set({"n": 2**63 - 1})
    assert client.collection("big").sum("n").get()[0][0].value == 2.0**64
    client.document("big/c").set({"n": math.nan})
    assert math.isnan(client.collection("big").sum("n").get()[0][0].value)


def test_explain_names_the_index_and_counts_what_was_read(sales: firestore.CollectionReference) -> None:
    query = sales.where(filter=FieldFilter("n", "==", 3))
    results = query.get(explain_options=firestore.ExplainOptions(analyze=True))
    assert [each.id for each in results] == ["3"]
    metrics = results.get_explain_metrics()
    assert metrics.plan_summary.indexes_used == [{"query_scope": "Collection", "properties": "(n ASC, __name__ ASC)"}]
    assert metrics.execution_stats.results_returned == 1
    assert metrics.execution_stats.debug_stats["documents_scanned"] == "1"


def test_an_aggregation_is_billed_by_the_thousand_index_entries(sales: firestore.CollectionReference) -> None:
    for aggregation in (sales.count(), sales.sum("n")):
        results = aggregation.get(explain_options=firestore.ExplainOptions(analyze=True))
        assert len(results) == 1
        stats = results.get_explain_metrics().execution_stats
        assert (stats.results_returned, stats.read_operations) == (1, 1)


def test_explain_without_analyze_only_plans(sales: firestore.CollectionReference) -> None:
    results = sales.where(filter=FieldFilter("n", "==", 3)).get(explain_options=firestore.ExplainOptions(analyze=False))
    assert list(results) == []
    assert len(results.get_explain_metrics().plan_summary.indexes_used) == 1


def test_a_plan_alone_has_neither_results_nor_a_read_time(
    client: firestore.Client, sales: firestore.CollectionReference
) -> None:
    parent, options = f"{client._database_string}/documents", firestore.ExplainOptions(analyze=False)
    explain_options = options._to_dict()
    query = {"parent": parent, "structured_query": sales._query()._to_protobuf(), "explain_options": explain_options}
    count = {
        "parent": parent,
        "structured_aggregation_query": sales.count()._to_protobuf(),
        "explain_options": explain_options,
    }
    api, metadata = client._firestore_api, client._rpc_metadata
    for responses in (
        api.run_query(request=query, metadata=metadata),
        api.run_aggregation_query(request=count, metadata=metadata),
    ):
        (response,) = responses
        assert response.explain_metrics.plan_summary.indexes_used
        assert not response._pb.HasField("read_time")
