"""Actions, the tasks they run one after the other, and the events that start them."""

from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class Action(models.Model):
    """A sequence of tasks."""

    act_id = models.IntegerField("action", primary_key=True)
    act_label = models.CharField("label", max_length=255, null=True, blank=True)
    act_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    act_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_actions"
        verbose_name = "action"
        verbose_name_plural = "actions"

    def __str__(self) -> str:
        return self.act_label or str(self.act_id)


class ActionBranch(models.Model):
    """A branch of an action, taken by its conditional tasks."""

    act_id = models.IntegerField("action")
    brc_id = models.IntegerField("branch")
    brc_label = models.CharField("label", max_length=100, null=True, blank=True)
    brc_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    brc_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("act_id", "brc_id")

    class Meta:
        db_table = "ly_act_branch"
        verbose_name = "action branch"
        verbose_name_plural = "action branches"
        constraints = [Cascade(columns=["act_id"], table="ly_actions", name="ly_act_branch_actions_fk")]

    def __str__(self) -> str:
        return self.brc_label or f"{self.act_id} {self.brc_id}"


class ActionParameter(models.Model):
    """A variable that an action takes or returns."""

    act_id = models.IntegerField("action")
    map_var = models.CharField("variable", max_length=50)
    map_dir = models.CharField("direction", max_length=20, null=True, blank=True)
    map_display = YesNoField("shown", null=True, blank=True)
    map_rules = models.CharField("rule", max_length=10, null=True, blank=True)
    map_rules_values = models.CharField("values of the rule", max_length=50, null=True, blank=True)
    map_default = models.CharField("default", max_length=100, null=True, blank=True)
    map_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    map_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("act_id", "map_var")

    class Meta:
        db_table = "ly_act_params"
        verbose_name = "action parameter"
        verbose_name_plural = "action parameters"
        constraints = [Cascade(columns=["act_id"], table="ly_actions", name="ly_act_params_actions_fk")]

    def __str__(self) -> str:
        return f"{self.act_id} {self.map_var}"


class ActionParameterFilter(models.Model):
    """How one value narrows the lookup behind an action parameter."""

    act_id = models.IntegerField("action")
    map_var = models.CharField("variable", max_length=50)
    flt_id = models.IntegerField("filter")
    flt_type = models.CharField("type", max_length=10, null=True, blank=True)
    flt_source = models.CharField("source", max_length=50, null=True, blank=True)
    flt_target = models.CharField("target", max_length=50, null=True, blank=True)
    flt_value = models.CharField("value", max_length=50, null=True, blank=True)
    flt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    flt_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("act_id", "map_var", "flt_id")

    class Meta:
        db_table = "ly_act_params_filters"
        verbose_name = "action parameter filter"
        verbose_name_plural = "action parameter filters"
        constraints = [
            Cascade(
                columns=["act_id", "map_var"],
                table="ly_act_params",
                name="ly_act_params_filters_act_params_fk",
            )
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.map_var} {self.flt_id}"


class ActionTask(models.Model):
    """One step of an action: a query, an API call, a branch, a return, a component."""

    act_id = models.IntegerField("action")
    evt_id = models.IntegerField("task")
    evt_seq = models.IntegerField("position")
    evt_type = models.CharField("type", max_length=20, null=True, blank=True)
    evt_label = models.CharField("label", max_length=100, null=True, blank=True)
    evt_disabled = YesNoField("disabled", null=True, blank=True)
    evt_query_id = models.IntegerField("query", null=True, blank=True)
    evt_query_crud = models.CharField("verb", max_length=10, null=True, blank=True)
    evt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    evt_audit_date = TimestampField("changed at", null=True, blank=True)
    evt_cdn_id = models.IntegerField("condition", null=True, blank=True)
    evt_brc_true = models.IntegerField("branch if true", null=True, blank=True)
    evt_brc_false = models.IntegerField("branch if false", null=True, blank=True)
    evt_brc_id = models.IntegerField("branch", null=True, blank=True)
    evt_api_id = models.IntegerField("API", null=True, blank=True)
    evt_component = models.CharField("component", max_length=20, null=True, blank=True)
    evt_component_id = models.IntegerField("number of the component", null=True, blank=True)
    evt_loop = YesNoField("repeated", null=True, blank=True)
    evt_loop_array = models.CharField("list to repeat over", max_length=50, null=True, blank=True)
    pk = models.CompositePrimaryKey("act_id", "evt_id")

    class Meta:
        db_table = "ly_act_tasks"
        verbose_name = "action task"
        verbose_name_plural = "action tasks"
        constraints = [Cascade(columns=["act_id"], table="ly_actions", name="ly_act_tasks_actions_fk")]

    def __str__(self) -> str:
        return self.evt_label or f"{self.act_id} {self.evt_id}"


class ActionTaskParameter(models.Model):
    """A variable that a task takes or returns."""

    act_id = models.IntegerField("action")
    evt_id = models.IntegerField("task")
    map_id = models.IntegerField("parameter")
    map_type = models.CharField("type", max_length=20)
    map_dir = models.CharField("direction", max_length=20, null=True, blank=True)
    map_var = models.CharField("variable", max_length=50, null=True, blank=True)
    map_label = models.CharField("label", max_length=100, null=True, blank=True)
    map_var_type = models.CharField("type of the variable", max_length=20, null=True, blank=True)
    map_value = models.CharField("value", max_length=50, null=True, blank=True)
    map_rules = models.CharField("rule", max_length=20, null=True, blank=True)
    map_rules_values = models.CharField("values of the rule", max_length=50, null=True, blank=True)
    map_default = models.CharField("default", max_length=100, null=True, blank=True)
    map_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    map_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("act_id", "evt_id", "map_id")

    class Meta:
        db_table = "ly_act_tasks_params"
        verbose_name = "action task parameter"
        verbose_name_plural = "action task parameters"
        constraints = [
            Cascade(
                columns=["act_id", "evt_id"], table="ly_act_tasks", name="ly_act_tasks_params_act_tasks_fk"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.evt_id} {self.map_id}"


class Event(models.Model):
    """Something that happens in a component."""

    evt_id = models.IntegerField("event", primary_key=True)
    evt_component = models.CharField("component", max_length=20)
    evt_label = models.CharField("label", max_length=100, null=True, blank=True)
    evt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    evt_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_events"
        verbose_name = "event"
        verbose_name_plural = "events"

    def __str__(self) -> str:
        return self.evt_label or str(self.evt_id)


class ComponentEvent(models.Model):
    """The action that an event of one component starts."""

    evt_component = models.CharField("component", max_length=20)
    evt_cpt_id = models.IntegerField("number of the component")
    evt_id = models.IntegerField("event")
    evt_col_id = models.IntegerField("column")
    evt_seq_id = models.IntegerField("position")
    evt_act_id = models.IntegerField("action")
    evt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    evt_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("evt_component", "evt_cpt_id", "evt_id", "evt_col_id")

    class Meta:
        db_table = "ly_evt_cpt"
        verbose_name = "component event"
        verbose_name_plural = "component events"

    def __str__(self) -> str:
        return f"{self.evt_component} {self.evt_cpt_id} {self.evt_id} {self.evt_col_id}"


class DictionaryEvent(models.Model):
    """The action that an event on one column starts."""

    evt_component = models.CharField("component", max_length=20)
    evt_cpt_id = models.IntegerField("number of the component")
    evt_dd_id = models.CharField("dictionary entry", max_length=50)
    evt_id = models.IntegerField("event")
    evt_act_id = models.IntegerField("action")
    evt_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    evt_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("evt_component", "evt_cpt_id", "evt_dd_id", "evt_id")

    class Meta:
        db_table = "ly_evt_dd"
        verbose_name = "dictionary event"
        verbose_name_plural = "dictionary events"

    def __str__(self) -> str:
        return f"{self.evt_component} {self.evt_cpt_id} {self.evt_dd_id} {self.evt_id}"


class Function(models.Model):
    """A script of the client."""

    fct_id = models.IntegerField("function", primary_key=True)
    fct_name = models.CharField("name", max_length=100)
    fct_label = models.CharField("label", max_length=255, null=True, blank=True)
    fct_script = models.TextField("script", null=True, blank=True)
    fct_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    fct_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_function"
        verbose_name = "function"
        verbose_name_plural = "functions"

    def __str__(self) -> str:
        return self.fct_name
