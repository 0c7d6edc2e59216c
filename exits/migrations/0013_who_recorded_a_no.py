from django.db import migrations

from workflow.transitions import written

STEPS = """
exit - open planned forward - county_clerk,team_member,village_official - - -
exit - open proposed forward - county_clerk,team_member,village_official - - -
exit answered amend planned withdraw - county_clerk,team_member,village_official - - -
exit answered end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit answered post noticed forward - team_member,village_official - - notice.exit.village_days
exit answered withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit appraised amend planned withdraw - county_clerk,team_member,village_official - - -
exit appraised end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit appraised verify verified forward - team_member,township_reviewer amend,appraise,open - -
exit appraised withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit approved announce announced forward - team_member,township_reviewer,village_official - - -
exit checked approve approved forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked approve_first seconded forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked doubt doubted forward - county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit checked reject rejected reject decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit checked return planned return - county_approver - - -
exit checked withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit confirmed amend planned withdraw - county_clerk,team_member,village_official - - -
exit confirmed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit confirmed post noticed forward - team_member,village_official - - notice.exit.village_days
exit confirmed withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit doubted approve approved forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted approve_first seconded forward decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit doubted reject rejected reject decides county_approver amend,answer,appraise,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit doubted return planned return - county_approver - - -
exit doubted withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit noticed check checked forward - township_reviewer amend,answer,appraise,confirm,disagree,open,post,refuse,verify post -
exit noticed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit noticed reject rejected reject decides township_reviewer amend,answer,appraise,confirm,disagree,open,post,refuse,verify post -
exit noticed return planned return - township_reviewer - post -
exit noticed withdraw withdrawn withdraw - county_clerk,team_member,village_official - post -
exit planned amend planned withdraw - county_clerk,team_member,village_official - - -
exit planned appraise appraised forward - team_member,village_official amend,open - -
exit planned end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit planned vote_down rejected reject - team_member,village_official amend,open - -
exit planned withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit proposed amend proposed withdraw - county_clerk,team_member,village_official - - -
exit proposed end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit proposed plan planned forward decides county_approver amend,open - -
exit proposed reject rejected reject decides county_approver amend,open - -
exit proposed withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit refused amend planned withdraw - county_clerk,team_member,village_official - - -
exit refused answer answered forward - township_reviewer amend,disagree,open,refuse,verify - -
exit refused end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit refused withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit seconded approve approved forward decides county_approver amend,answer,appraise,approve_first,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit seconded end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit seconded reject rejected reject decides county_approver amend,answer,appraise,approve_first,check,confirm,disagree,doubt,open,post,refuse,verify - -
exit seconded return planned return - county_approver - - -
exit seconded withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
exit verified amend planned withdraw - county_clerk,team_member,village_official - - -
exit verified confirm confirmed forward - team_member,village_official amend,open - -
exit verified disagree planned return - team_member,village_official amend,open - -
exit verified end withdrawn withdraw - city_reviewer,county_approver,province_approver,township_reviewer - - -
exit verified refuse refused forward - team_member,village_official amend,open - -
exit verified withdraw withdrawn withdraw - county_clerk,team_member,village_official - - -
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exits", "0012_who_recorded_the_figures"),
        ("workflow", "0020_no_event_ahead"),
    ]
    operations = [written(STEPS)]
