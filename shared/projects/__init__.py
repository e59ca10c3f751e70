"""Projects: what belongs together, by name. A komposition names the project that it is in."""

from shared.projects.project import Project
from shared.projects.service import delete_project, get_project, list_projects, save_project

__all__ = ["Project", "delete_project", "get_project", "list_projects", "save_project"]
