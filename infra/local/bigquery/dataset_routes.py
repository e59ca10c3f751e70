"""datasets.*, and projects.list."""

from aiohttp import web

from infra.local.bigquery.catalog import Precondition
from infra.local.bigquery.datasets import Dataset, DatasetName
from infra.local.bigquery.handling import body, in_thread, json_response, listed, no_content, service

ROUTES = web.RouteTableDef()
_PROJECT = "/bigquery/v2/projects/{project}"
_DATASET = _PROJECT + "/datasets/{dataset}"


@ROUTES.get("/bigquery/v2/projects")
async def list_projects(request: web.Request) -> web.Response:
    """Projects in which anything was created."""
    names = service(request).engine.projects()
    projects = [
        {"kind": "bigquery#project", "id": name, "projectReference": {"projectId": name}, "friendlyName": name}
        for name in names
    ]
    return listed("bigquery#projectList", "projects", projects, request.query)


@ROUTES.get(_PROJECT + "/datasets")
async def list_datasets(request: web.Request) -> web.Response:
    """By id, those of a label filter (`labels.key:value`) if one is given."""
    datasets = await in_thread(service(request).catalog.datasets, request.match_info["project"])
    wanted = [part.removeprefix("labels.").split(":", 1) for part in request.query.get("filter", "").split()]
    resources = []
    for dataset in datasets:
        labels = dataset.body.get("labels") or {}
        if all(label[0] in labels and labels[label[0]] == (label[1:] or [labels[label[0]]])[0] for label in wanted):
            keep = ("kind", "id", "datasetReference", "labels", "friendlyName", "location")
            resources.append({key: value for key, value in dataset.resource().items() if key in keep})
    return listed("bigquery#datasetList", "datasets", resources, request.query)


@ROUTES.post(_PROJECT + "/datasets")
async def insert_dataset(request: web.Request) -> web.Response:
    """Create."""
    dataset = Dataset.parse(request.match_info["project"], await body(request))
    return json_response((await in_thread(service(request).catalog.create_dataset, dataset)).resource())


@ROUTES.get(_DATASET)
async def get_dataset(request: web.Request) -> web.Response:
    """One."""
    return json_response((await in_thread(service(request).catalog.dataset, _name(request))).resource())


@ROUTES.patch(_DATASET)
@ROUTES.put(_DATASET)
async def update_dataset(request: web.Request) -> web.Response:
    """PATCH changes what is given, PUT replaces the rest too."""
    resource, whole = await body(request), request.method == "PUT"
    seen = Precondition(request.headers.get("If-Match"))
    catalog = service(request).catalog

    def change(dataset: Dataset) -> Dataset:
        return dataset.patched(resource, whole=whole)

    return json_response((await in_thread(catalog.update_dataset, _name(request), change, seen)).resource())


@ROUTES.delete(_DATASET)
async def delete_dataset(request: web.Request) -> web.Response:
    """With its tables only if deleteContents is set."""
    contents = request.query.get("deleteContents", "").lower() == "true"
    await in_thread(service(request).catalog.delete_dataset, _name(request), contents=contents)
    return no_content()


def _name(request: web.Request) -> DatasetName:
    return DatasetName(request.match_info["project"], request.match_info["dataset"])
