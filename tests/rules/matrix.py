"""The matrix: everyone against everything. The tables are written by hand, from what the product promises.

`suspended` is the owner after their account was suspended; `shared` is someone whom the owner shares kompositions/shared
with. `yes` is allowed, `.` is denied. Create, update and delete are tried with valid data, so that only the person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from infra.local.rules import Both, Constraint, Op, Query
from infra.local.rules.query import Filter
from tests.rules.documents import (
    BODIES,
    SETTINGS,
    account,
    begun_komposition,
    komposition,
    next_version,
    stamped,
)
from tests.rules.world import EARLIER, NOW, Data, World, Writes, signed_in

ACTORS: dict[str, Data | None] = {
    "owner": signed_in("owner"),
    "stranger": signed_in("stranger"),
    "shared": signed_in("shared"),
    "signed-out": None,
    "viewer": signed_in("viewer", role="viewer"),
    "analyst": signed_in("analyst", role="analyst"),
    "operator": signed_in("operator", roles=["operator"]),
    "admin": signed_in("admin", role="admin"),
    "suspended": signed_in("owner"),
}

MATRIX = """
document                                 method  owner stranger shared signed-out viewer analyst operator admin suspended

users/owner                              get     yes   .        .      .          .      .       .        .     yes
users                                    list    .     .        .      .          .      .       .        .     .
users/nobody                             create  .     .        .      .          .      .       .        .     .
users/owner                              update  yes   .        .      .          .      .       .        .     .
users/owner                              delete  .     .        .      .          .      .       .        .     .

users/owner/kompositions/private         get     yes   .        .      .          .      .       .        .     yes
users/owner/kompositions/private         update  yes   .        .      .          .      .       .        .     .
users/owner/kompositions/private         delete  .     .        .      .          .      .       .        .     .
users/owner/kompositions/shared          get     yes   .        yes    .          .      .       .        .     yes
users/owner/kompositions/shared          update  yes   .        .      .          .      .       .        .     .
users/owner/kompositions/shared          delete  .     .        .      .          .      .       .        .     .
users/owner/kompositions/public          get     yes   yes      yes    yes        yes    yes     yes      yes   yes
users/owner/kompositions/public          update  yes   .        .      .          .      .       .        .     .
users/owner/kompositions/public          delete  .     .        .      .          .      .       .        .     .
users/owner/kompositions/unshared        get     yes   .        .      .          .      .       .        .     yes
users/owner/kompositions/missing         get     yes   .        .      .          .      .       .        .     yes
users/owner/kompositions/new             create  yes   .        .      .          .      .       .        .     .
users/owner/kompositions/trashed         create  .     .        .      .          .      .       .        .     .
users/owner/kompositions                 list    yes   .        .      .          .      .       .        .     yes
kompositions of all                      list    .     .        .      .          .      .       .        .     .
kompositions of all, public              list    yes   yes      yes    yes        yes    yes     yes      yes   yes
kompositions of all, shared with me      list    yes   yes      yes    .          yes    yes     yes      yes   yes
kompositions of all, shared with shared  list    .     .        yes    .          .      .       .        .     .
kompositions of all, public, unlimited   list    .     .        .      .          .      .       .        .     .
kompositions of all, public, 101         list    .     .        .      .          .      .       .        .     .
kompositions of owner, public            list    yes   yes      yes    yes        yes    yes     yes      yes   yes
kompositions of owner, shared with me    list    yes   yes      yes    .          yes    yes     yes      yes   yes

users/owner/kompositions/public/versions/1  get     yes   .     .      .          .      .       .        .     yes
users/owner/kompositions/public/versions    list    yes   .     .      .          .      .       .        .     yes
users/owner/kompositions/bare/versions/1    create  yes   .     .      .          .      .       .        .     .
users/owner/kompositions/public/versions/1  update  .     .     .      .          .      .       .        .     .
users/owner/kompositions/public/versions/1  delete  .     .     .      .          .      .       .        .     .
users/owner/kompositions/gone/versions/1    delete  .     .     .      .          .      .       .        .     .

users/owner/kompositions/public/conflicts/1  get     yes   .        .      .          .      .       .        .     yes
users/owner/kompositions/public/conflicts/1  update  .     .        .      .          .      .       .        .     .
users/owner/kompositions/public/conflicts/1  delete  .     .        .      .          .      .       .        .     .
users/owner/kompositions/public/conflicts   list    yes   .        .      .          .      .       .        .     yes
users/owner/kompositions/public/conflicts/2  create  .     .        .      .          .      .       .        .     .

users/owner/trash/trashed                get     yes   .        .      .          .      .       .        .     yes
users/owner/trash                        list    yes   .        .      .          .      .       .        .     yes
users/owner/trash/new                    create  .     .        .      .          .      .       .        .     .
users/owner/trash/trashed                update  .     .        .      .          .      .       .        .     .
users/owner/trash/trashed                delete  .     .        .      .          .      .       .        .     .
trash of all                             list    .     .        .      .          .      .       .        .     .

users/owner/templates/one                get     yes   .        .      .          .      .       .        .     yes
users/owner/templates/one                update  .     .        .      .          .      .       .        .     .
users/owner/templates/one                delete  .     .        .      .          .      .       .        .     .
users/owner/templates                    list    yes   .        .      .          .      .       .        .     yes
users/owner/templates/new                create  .     .        .      .          .      .       .        .     .
users/owner/templates/one/versions/1     get     yes   .        .      .          .      .       .        .     yes
users/owner/templates/one/versions       list    yes   .        .      .          .      .       .        .     yes
users/owner/templates/one/versions/2     create  .     .        .      .          .      .       .        .     .
users/owner/templates/one/versions/1     update  .     .        .      .          .      .       .        .     .
users/owner/templates/one/versions/1     delete  .     .        .      .          .      .       .        .     .

users/owner/projects/one                 get     yes   .        .      .          .      .       .        .     yes
users/owner/projects                     list    yes   .        .      .          .      .       .        .     yes
users/owner/projects/new                 create  yes   .        .      .          .      .       .        .     .
users/owner/projects/one                 update  yes   .        .      .          .      .       .        .     .
users/owner/projects/one                 delete  yes   .        .      .          .      .       .        .     .

users/owner/prompts/one                  get     yes   .        .      .          .      .       .        .     yes
users/owner/prompts                      list    yes   .        .      .          .      .       .        .     yes
users/owner/prompts/new                  create  .     .        .      .          .      .       .        .     .
users/owner/prompts/one                  update  .     .        .      .          .      .       .        .     .
users/owner/prompts/one                  delete  .     .        .      .          .      .       .        .     .
users/owner/prompts/one/versions/1       get     yes   .        .      .          .      .       .        .     yes
users/owner/prompts/one/versions         list    yes   .        .      .          .      .       .        .     yes
users/owner/prompts/one/versions/2       create  .     .        .      .          .      .       .        .     .
users/owner/prompts/one/versions/1       update  .     .        .      .          .      .       .        .     .
users/owner/prompts/one/versions/1       delete  .     .        .      .          .      .       .        .     .

users/owner/workflows/one                get     yes   .        .      .          .      .       .        .     yes
users/owner/workflows                    list    yes   .        .      .          .      .       .        .     yes
users/owner/workflows/new                create  yes   .        .      .          .      .       .        .     .
users/owner/workflows/one                update  yes   .        .      .          .      .       .        .     .
users/owner/workflows/one                delete  yes   .        .      .          .      .       .        .     .

users/owner/preferences/settings         get     yes   .        .      .          .      .       .        .     yes
users/owner/preferences                  list    .     .        .      .          .      .       .        .     .
users/owner/preferences/settings         update  yes   .        .      .          .      .       .        .     .
users/owner/preferences/settings         delete  .     .        .      .          .      .       .        .     .
users/owner/preferences/other            create  .     .        .      .          .      .       .        .     .

users/owner/assets/one                   get     yes   .        .      .          .      .       .        .     yes
users/owner/assets                       list    yes   .        .      .          .      .       .        .     yes
users/owner/assets/new                   create  .     .        .      .          .      .       .        .     .
users/owner/assets/one                   update  .     .        .      .          .      .       .        .     .
users/owner/assets/one                   delete  .     .        .      .          .      .       .        .     .
users/owner/assets/one/versions/1        get     yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/versions          list    yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/versions/2        create  .     .        .      .          .      .       .        .     .
users/owner/assets/one/versions/1        update  .     .        .      .          .      .       .        .     .
users/owner/assets/one/versions/1        delete  .     .        .      .          .      .       .        .     .
users/owner/assets/one/segments/1        get     yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/segments          list    yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/segments/2        create  .     .        .      .          .      .       .        .     .
users/owner/assets/one/segments/1        update  .     .        .      .          .      .       .        .     .
users/owner/assets/one/features/1        get     yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/features          list    yes   .        .      .          .      .       .        .     yes
users/owner/assets/one/features/2        create  .     .        .      .          .      .       .        .     .
users/owner/assets/one/features/1        delete  .     .        .      .          .      .       .        .     .

users/owner/jobs/one                     get     yes   .        .      .          .      .       .        .     yes
users/owner/jobs                         list    yes   .        .      .          .      .       .        .     yes
jobs of all                              list    .     .        .      .          .      .       .        .     .
users/owner/jobs/new                     create  .     .        .      .          .      .       .        .     .
users/owner/jobs/one                     update  .     .        .      .          .      .       .        .     .
users/owner/jobs/one                     delete  .     .        .      .          .      .       .        .     .
users/owner/jobs/one/chunks/1            get     yes   .        .      .          .      .       .        .     yes
users/owner/jobs/one/chunks              list    yes   .        .      .          .      .       .        .     yes
chunks of all                            list    .     .        .      .          .      .       .        .     .
users/owner/jobs/one/chunks/2            create  .     .        .      .          .      .       .        .     .
users/owner/jobs/one/chunks/1            update  .     .        .      .          .      .       .        .     .
users/owner/jobs/one/chunks/1            delete  .     .        .      .          .      .       .        .     .
users/owner/speeds/transcode             get     .     .        .      .          .      .       .        .     .
users/owner/speeds/transcode             update  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one              get     yes   .        .      .          .      .       .        .     yes
users/owner/transcripts                  list    yes   .        .      .          .      .       .        .     yes
users/owner/transcripts/new              create  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one              update  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one              delete  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/versions/1   get     yes   .        .      .          .      .       .        .     yes
users/owner/transcripts/one/versions     list    yes   .        .      .          .      .       .        .     yes
users/owner/transcripts/one/versions/2   create  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/versions/1   update  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/versions/1   delete  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/conflicts/c  get     yes   .        .      .          .      .       .        .     yes
users/owner/transcripts/one/conflicts    list    yes   .        .      .          .      .       .        .     yes
users/owner/transcripts/one/conflicts/d  create  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/conflicts/c  update  .     .        .      .          .      .       .        .     .
users/owner/transcripts/one/conflicts/c  delete  .     .        .      .          .      .       .        .     .
users/owner/clips/one                    get     yes   .        .      .          .      .       .        .     yes
users/owner/clips                        list    yes   .        .      .          .      .       .        .     yes
users/owner/clips/new                    create  .     .        .      .          .      .       .        .     .
users/owner/clips/one                    update  .     .        .      .          .      .       .        .     .
users/owner/clips/one                    delete  .     .        .      .          .      .       .        .     .
users/owner/clips/one/feedback/1         get     yes   .        .      .          .      .       .        .     yes
users/owner/clips/one/feedback           list    yes   .        .      .          .      .       .        .     yes
users/owner/clips/one/feedback/2         create  .     .        .      .          .      .       .        .     .
users/owner/clips/one/feedback/1         update  .     .        .      .          .      .       .        .     .
users/owner/clips/one/feedback/1         delete  .     .        .      .          .      .       .        .     .

users/owner/learning/one                 get     yes   .        .      .          .      .       .        .     yes
users/owner/learning                     list    yes   .        .      .          .      .       .        .     yes
users/owner/learning/new                 create  .     .        .      .          .      .       .        .     .
users/owner/learning/one                 update  .     .        .      .          .      .       .        .     .
users/owner/learning/one                 delete  .     .        .      .          .      .       .        .     .
users/owner/posts/one                    get     yes   .        .      .          .      .       .        .     yes
users/owner/posts                        list    yes   .        .      .          .      .       .        .     yes
users/owner/posts/new                    create  .     .        .      .          .      .       .        .     .
users/owner/posts/one                    update  .     .        .      .          .      .       .        .     .
users/owner/posts/one                    delete  .     .        .      .          .      .       .        .     .
users/owner/adoptions/one                get     yes   .        .      .          .      .       .        .     yes
users/owner/adoptions                    list    yes   .        .      .          .      .       .        .     yes
adoptions of all                         list    .     .        .      .          .      .       .        .     .
users/owner/adoptions/new                create  .     .        .      .          .      .       .        .     .
users/owner/adoptions/one                update  .     .        .      .          .      .       .        .     .
users/owner/adoptions/one                delete  .     .        .      .          .      .       .        .     .
users/owner/paper_edits/one              get     yes   .        .      .          .      .       .        .     yes
users/owner/paper_edits/one              update  .     .        .      .          .      .       .        .     .
users/owner/paper_edits/one              delete  .     .        .      .          .      .       .        .     .
users/owner/paper_edits                  list    yes   .        .      .          .      .       .        .     yes
users/owner/paper_edits/new              create  .     .        .      .          .      .       .        .     .
users/owner/paper_edits/one/versions/1   get     yes   .        .      .          .      .       .        .     yes
users/owner/paper_edits/one/versions     list    yes   .        .      .          .      .       .        .     yes
users/owner/paper_edits/one/versions/2   create  .     .        .      .          .      .       .        .     .
users/owner/paper_edits/one/versions/1   update  .     .        .      .          .      .       .        .     .
users/owner/paper_edits/one/versions/1   delete  .     .        .      .          .      .       .        .     .
users/owner/chains/one                   get     yes   .        .      .          .      .       .        .     yes
users/owner/chains                       list    yes   .        .      .          .      .       .        .     yes
users/owner/chains/new                   create  .     .        .      .          .      .       .        .     .
users/owner/chains/one                   update  .     .        .      .          .      .       .        .     .
users/owner/chains/one                   delete  .     .        .      .          .      .       .        .     .
users/owner/unheard/one                  get     .     .        .      .          .      .       .        .     .
users/owner/unheard                      list    .     .        .      .          .      .       .        .     .
users/owner/unheard/new                  create  .     .        .      .          .      .       .        .     .

templates/one                            get     yes   yes      yes    .          yes    yes     yes      yes   yes
templates/proposed                       get     .     .        .      .          .      .       yes      yes   .
templates                                list    .     .        .      .          .      .       yes      yes   .
templates of the system, published       list    yes   yes      yes    .          yes    yes     yes      yes   yes
templates of the system, proposed        list    .     .        .      .          .      .       yes      yes   .
templates/new                            create  .     .        .      .          .      .       .        .     .
templates/one                            update  .     .        .      .          .      .       .        .     .
templates/one                            delete  .     .        .      .          .      .       .        .     .
templates/one/versions/1                 get     yes   yes      yes    .          yes    yes     yes      yes   yes
templates/one/versions                   list    yes   yes      yes    .          yes    yes     yes      yes   yes
templates/proposed/versions/1            get     .     .        .      .          .      .       yes      yes   .
templates/proposed/versions              list    .     .        .      .          .      .       yes      yes   .
templates/one/versions/2                 create  .     .        .      .          .      .       .        .     .
templates/one/versions/1                 update  .     .        .      .          .      .       .        .     .
templates/one/versions/1                 delete  .     .        .      .          .      .       .        .     .
templates/one/decisions/1                get     .     .        .      .          .      .       yes      yes   .
templates/one/decisions                  list    .     .        .      .          .      .       yes      yes   .
templates/one/decisions/2                create  .     .        .      .          .      .       .        .     .
templates/one/tallies/adoption           get     .     .        .      .          .      .       .        .     .
templates/one/tallies/adoption           update  .     .        .      .          .      .       .        .     .

alert_rules/one                          get     .     .        .      .          .      yes     yes      yes   .
alert_rules                              list    .     .        .      .          .      yes     yes      yes   .
alert_rules/new                          create  .     .        .      .          .      .       .        .     .
alert_rules/one                          update  .     .        .      .          .      .       .        .     .
alert_rules/one                          delete  .     .        .      .          .      .       .        .     .
alert_rules/one/versions/1               get     .     .        .      .          .      yes     yes      yes   .
alert_rules/one/versions                 list    .     .        .      .          .      yes     yes      yes   .
alert_rules/one/versions/1               update  .     .        .      .          .      .       .        .     .
alert_rules/one/evaluations/latest       get     .     .        .      .          .      .       .        .     .
alert_instances/one                      get     .     .        .      .          .      yes     yes      yes   .
alert_instances                          list    .     .        .      .          .      yes     yes      yes   .
alert_instances/new                      create  .     .        .      .          .      .       .        .     .
alert_instances/one                      update  .     .        .      .          .      .       .        .     .
alert_instances/one                      delete  .     .        .      .          .      .       .        .     .
alert_responses/one                      get     .     .        .      .          .      yes     yes      yes   .
alert_responses                          list    .     .        .      .          .      yes     yes      yes   .
alert_responses/one                      update  .     .        .      .          .      .       .        .     .
alert_silences/one                       get     .     .        .      .          .      yes     yes      yes   .
alert_silences                           list    .     .        .      .          .      yes     yes      yes   .
alert_silences/new                       create  .     .        .      .          .      .       .        .     .
alert_silences/one                       update  .     .        .      .          .      .       .        .     .
alert_silences/one                       delete  .     .        .      .          .      .       .        .     .
alert_routing/one                        get     .     .        .      .          .      yes     yes      yes   .
alert_routing                            list    .     .        .      .          .      yes     yes      yes   .
alert_routing/new                        create  .     .        .      .          .      .       .        .     .
alert_routing/one                        update  .     .        .      .          .      .       .        .     .
alert_routing/one                        delete  .     .        .      .          .      .       .        .     .
alert_notifications/one                  get     .     .        .      .          .      .       yes      yes   .
alert_notifications                      list    .     .        .      .          .      .       yes      yes   .
alert_notifications/new                  create  .     .        .      .          .      .       .        .     .
alert_notifications/one                  update  .     .        .      .          .      .       .        .     .
alert_notifications/one                  delete  .     .        .      .          .      .       .        .     .
alert_contacts/one                       get     .     .        .      .          .      .       yes      yes   .
alert_contacts                           list    .     .        .      .          .      .       yes      yes   .
alert_contacts/new                       create  .     .        .      .          .      .       .        .     .
alert_contacts/one                       update  .     .        .      .          .      .       .        .     .
alert_contacts/one                       delete  .     .        .      .          .      .       .        .     .
on_call_schedules/one                    get     .     .        .      .          .      .       yes      yes   .
on_call_schedules                        list    .     .        .      .          .      .       yes      yes   .
on_call_schedules/new                    create  .     .        .      .          .      .       .        .     .
on_call_schedules/one                    update  .     .        .      .          .      .       .        .     .
on_call_schedules/one                    delete  .     .        .      .          .      .       .        .     .
alert_groups/one                         get     .     .        .      .          .      .       .        .     .
alert_groups                             list    .     .        .      .          .      .       .        .     .
alert_groups/one                         update  .     .        .      .          .      .       .        .     .
escalation_policies/one                  get     .     .        .      .          .      .       yes      yes   .
escalation_policies                      list    .     .        .      .          .      .       yes      yes   .
escalation_policies/new                  create  .     .        .      .          .      .       .        .     .
escalation_policies/one                  update  .     .        .      .          .      .       .        .     .
escalation_policies/one                  delete  .     .        .      .          .      .       .        .     .
notification_channels/one                get     .     .        .      .          .      .       yes      yes   .
notification_channels                    list    .     .        .      .          .      .       yes      yes   .
notification_channels/new                create  .     .        .      .          .      .       .        .     .
notification_channels/one                update  .     .        .      .          .      .       .        .     .
notification_channels/one                delete  .     .        .      .          .      .       .        .     .
notification_deliveries/one              get     .     .        .      .          .      .       yes      yes   .
notification_deliveries                  list    .     .        .      .          .      .       yes      yes   .
notification_deliveries/new              create  .     .        .      .          .      .       .        .     .
notification_deliveries/one              update  .     .        .      .          .      .       .        .     .
notification_deliveries/one              delete  .     .        .      .          .      .       .        .     .
notification_templates/one               get     .     .        .      .          .      .       yes      yes   .
notification_templates                   list    .     .        .      .          .      .       yes      yes   .
notification_templates/new               create  .     .        .      .          .      .       .        .     .
notification_templates/one               update  .     .        .      .          .      .       .        .     .
notification_templates/one               delete  .     .        .      .          .      .       .        .     .
notification_contacts/one                get     .     .        .      .          .      .       .        .     .
notification_contacts                    list    .     .        .      .          .      .       .        .     .
notification_contacts/new                create  .     .        .      .          .      .       .        .     .
notification_contacts/one                update  .     .        .      .          .      .       .        .     .
notification_contacts/one                delete  .     .        .      .          .      .       .        .     .

video_generation_metrics/one             get     .     .        .      .          yes    yes     yes      yes   .
video_generation_metrics                 list    .     .        .      .          yes    yes     yes      yes   .
video_generation_metrics/new             create  .     .        .      .          .      .       .        .     .
video_generation_metrics/one             update  .     .        .      .          .      .       .        .     .
system_performance_metrics/one           get     .     .        .      .          yes    yes     yes      yes   .
system_performance_metrics               list    .     .        .      .          yes    yes     yes      yes   .
system_performance_metrics/new           create  .     .        .      .          .      .       .        .     .
system_performance_metrics/one           delete  .     .        .      .          .      .       .        .     .
quality_insights/one                     get     .     .        .      .          yes    yes     yes      yes   .
quality_insights                         list    .     .        .      .          yes    yes     yes      yes   .
quality_insights/new                     create  .     .        .      .          .      .       .        .     .
quality_insights/one                     update  .     .        .      .          .      .       .        .     .
business_metrics/one                     get     .     .        .      .          .      yes     yes      yes   .
business_metrics                         list    .     .        .      .          .      yes     yes      yes   .
business_metrics/new                     create  .     .        .      .          .      .       .        .     .
business_metrics/one                     delete  .     .        .      .          .      .       .        .     .
user_behavior_insights/one               get     .     .        .      .          .      yes     yes      yes   .
user_behavior_insights                   list    .     .        .      .          .      yes     yes      yes   .
user_behavior_insights/new               create  .     .        .      .          .      .       .        .     .
user_behavior_insights/one               update  .     .        .      .          .      .       .        .     .

outbox/one                               get     .     .        .      .          .      .       .        .     .
outbox                                   list    .     .        .      .          .      .       .        .     .
outbox/new                               create  .     .        .      .          .      .       .        .     .
outbox/one                               delete  .     .        .      .          .      .       .        .     .
audit_log/one                            get     .     .        .      .          .      .       .        .     .
audit_log                                list    .     .        .      .          .      .       .        .     .
audit_log/new                            create  .     .        .      .          .      .       .        .     .
audit_log/one                            update  .     .        .      .          .      .       .        .     .
erasure_ledger/one                       get     .     .        .      .          .      .       .        .     .
erasure_ledger                           list    .     .        .      .          .      .       .        .     .
erasure_ledger/new                       create  .     .        .      .          .      .       .        .     .
erasure_ledger/one                       delete  .     .        .      .          .      .       .        .     .
rate_limits/one                          get     .     .        .      .          .      .       .        .     .
rate_limits/one                          update  .     .        .      .          .      .       .        .     .
rate_limits/one                          delete  .     .        .      .          .      .       .        .     .
idempotency_keys/one                     get     .     .        .      .          .      .       .        .     .
idempotency_keys                         list    .     .        .      .          .      .       .        .     .
idempotency_keys/new                     create  .     .        .      .          .      .       .        .     .
live_counters/one                        get     .     .        .      .          .      .       .        .     .
live_counters/one/shards/1               get     .     .        .      .          .      .       .        .     .
live_counters/one/shards/1               update  .     .        .      .          .      .       .        .     .
event_ledger/one                         get     .     .        .      .          .      .       .        .     .
event_ledger/new                         create  .     .        .      .          .      .       .        .     .
unheard/one                              get     .     .        .      .          .      .       .        .     .
unheard                                  list    .     .        .      .          .      .       .        .     .
unheard/new                              create  .     .        .      .          .      .       .        .     .
unheard/one                              delete  .     .        .      .          .      .       .        .     .
"""


@dataclass(frozen=True)
class Case:
    """One cell of the matrix."""

    document: str
    method: str
    actor: str
    allowed: bool

    def __str__(self) -> str:
        return f"{self.actor} {self.method} {self.document}"

    def holds(self, world: World) -> bool:
        """Whether the rules of the world say what the matrix says."""
        return self.answer(world) is self.allowed

    def answer(self, world: World) -> bool:
        """What the rules of the world say."""
        world = World(documents_of(suspended=self.actor == "suspended"), world.rules)
        auth = ACTORS[self.actor]
        if self.method == "get":
            return world.may_get(auth, self.document)
        if self.method == "list":
            return world.may_list(auth, query_of(self.document, auth))
        return world.may_write(auth, writes_of(self.document, self.method, world))


def cases() -> Iterator[Case]:
    """Every cell."""
    header, *rows = [line.split("  ") for line in MATRIX.splitlines() if line]
    actors = " ".join(header).split()[2:]
    assert actors == list(ACTORS)
    for row in rows:
        document, *words = [word.strip() for word in row if word.strip()]
        method, *answers = " ".join(words).split()
        assert len(answers) == len(actors), row
        for actor, answer in zip(actors, answers, strict=True):
            yield Case(document, method, actor, {"yes": True, ".": False}[answer])


@cache
def documents_of(*, suspended: bool = False) -> dict[str, Data]:
    """What is in the database. Not to be changed."""
    mine = "users/owner"
    kompositions = {
        "private": komposition("private"),
        "public": komposition("public", "public"),
        "shared": komposition("shared", "shared", ("shared", "someone")),
        "unshared": komposition("unshared", "private", ("shared",)),
        "bare": komposition("bare"),
    }
    documents = {f"{mine}/kompositions/{kid}": data for kid, data in kompositions.items()}
    for kid in ("private", "public", "shared", "gone"):
        documents[f"{mine}/kompositions/{kid}/versions/1"] = kompositions.get(kid, komposition(kid))
    for path in MATRIX.split():
        parent, _, last = path.rpartition("/")
        if last in ("one", "1", "latest") and path not in documents and path != f"{mine}/kompositions/bare/versions/1":
            documents[path] = {"id": last, "userId": "owner", "at": EARLIER}
        if parent.rpartition("/")[2] in BODIES and last == "one" and parent.startswith(mine):
            documents[path] = stamped(parent.rpartition("/")[2], "one")
    for uid in ("owner", "stranger", "shared", "viewer", "analyst", "operator", "admin"):
        documents[f"users/{uid}"] = account(uid)
    documents[mine] = account("owner", "suspended" if suspended else "active")
    documents[f"{mine}/kompositions/public/conflicts/1"] = {**kompositions["public"], "conflictId": "1"}
    documents[f"{mine}/trash/trashed"] = {**komposition("trashed", "public"), "deletedAt": EARLIER}
    documents[f"{mine}/preferences/settings"] = {**SETTINGS, "modified": EARLIER}
    documents["templates/one"] = {"id": "one", "state": "published"}
    documents["templates/proposed"] = {"id": "proposed", "state": "proposed"}
    return documents


def writes_of(document: str, method: str, world: World) -> Writes:
    """A valid write, with what belongs into the same batch."""
    if method == "delete":
        return {document: None}
    before = world.documents.get(document)
    parent, _, last = document.rpartition("/")
    match parent.split("/"):
        case ["users", "owner", "kompositions"]:
            return begun_komposition(last) if before is None else next_version(before, title="Better")
        case ["users", "owner", "kompositions", kid, "versions"]:
            return {
                document: {**world.documents[f"users/owner/kompositions/{kid}"], **({"title": "x"} if before else {})}
            }
        case ["users", "owner", collection] if collection in BODIES:
            times = {"created": NOW} if before is None else {"description": "Better"}
            return {document: {**stamped(collection, last), **times, "modified": NOW}}
        case ["users", "owner", "preferences"]:
            return {document: {**SETTINGS, "theme": "light"}}
        case ["users"]:
            return {document: {**(before or account(last)), "displayName": "Someone"}}
    return {document: {**(before or {"id": last, "userId": "owner"}), "at": NOW}}


def query_of(document: str, auth: Data | None) -> Query:
    """The query that a row is about: a collection, or `COLLECTION of WHOM, CONDITION, LIMIT` (100 if it does not say)."""
    if " of " not in document:
        parent, _, collection = document.rpartition("/")
        return Query(tuple(parent.split("/")) if parent else (), collection)
    scope, condition, size, *_ = [*document.split(", "), "", ""]
    collection, _, whose = scope.partition(" of ")
    where: dict[str, Filter] = {
        "": Both(()),
        "public": Constraint(("sharing", "visibility"), Op.EQ, "public"),
        "shared with me": _shared_with(auth["uid"] if auth else "nobody"),
        "shared with shared": _shared_with("shared"),
        "published": Constraint(("state",), Op.EQ, "published"),
        "proposed": Constraint(("state",), Op.EQ, "proposed"),
    }
    limit = {"": 100, "unlimited": None, "101": 101}[size]
    if whose == "all":
        return Query((), collection, descendants=True, where=where[condition], limit=limit)
    if whose == "the system":
        return Query((), collection, where=where[condition], limit=limit)
    return Query(("users", whose), collection, where=where[condition], limit=limit)


def _shared_with(uid: str) -> Filter:
    visibility = Constraint(("sharing", "visibility"), Op.EQ, "shared")
    return Both((visibility, Constraint(("sharing", "sharedWith"), Op.CONTAINS, uid)))
