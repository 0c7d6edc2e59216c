from django.db import migrations

from workflow.transitions import written

STEPS = """
revocation - open proposed forward - county_clerk - - -
revocation checked amend proposed withdraw - county_clerk - - -
revocation checked end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation checked reject rejected reject decides county_approver amend,approve_exit,check,open - -
revocation checked revoke_first seconded forward decides county_approver amend,approve_exit,check,open - -
revocation checked withdraw withdrawn withdraw - county_clerk - - -
revocation proposed amend proposed withdraw - county_clerk - - -
revocation proposed check checked forward - township_reviewer amend,approve_exit,open,sign_exit - -
revocation proposed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation proposed withdraw withdrawn withdraw - county_clerk - - -
revocation seconded amend proposed withdraw - county_clerk - - -
revocation seconded end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
revocation seconded reject rejected reject decides county_approver amend,approve_exit,check,open,revoke_first - -
revocation seconded revoke revoked forward decides county_approver amend,check,open,revoke_first - -
revocation seconded withdraw withdrawn withdraw - county_clerk - - -
"""


class Migration(migrations.Migration):
    dependencies = [("exits", "0018_two_approve_what_is_flagged")]
    operations = [written(STEPS)]
