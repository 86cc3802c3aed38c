"""The tables that the client interface is made of, one module a subject."""

from apps.framework.models.actions import (
    Action,
    ActionBranch,
    ActionParameter,
    ActionParameterFilter,
    ActionTask,
    ActionTaskParameter,
    ComponentEvent,
    DictionaryEvent,
    Event,
    Function,
)
from apps.framework.models.conditions import Condition, ConditionGroup, ConditionParameter
from apps.framework.models.context_menus import (
    ContextMenu,
    ContextMenuEntry,
    ContextMenuFilter,
    ContextMenuLabel,
)
from apps.framework.models.dashboards import Chart, Dashboard, DashboardCell
from apps.framework.models.dialogs import (
    Dialog,
    DialogField,
    DialogFieldCondition,
    DialogFilter,
    DialogForm,
    DialogTab,
    DialogTabCondition,
    DialogTabLabel,
)
from apps.framework.models.dictionary import Dictionary, DictionaryFilter, DictionaryLabel, Language
from apps.framework.models.links import Link, LinkCollection, LinkLabel
from apps.framework.models.logs import LogEntry
from apps.framework.models.lookups import (
    Enumeration,
    EnumerationLabel,
    EnumerationValue,
    Lookup,
    LookupParameter,
    NextNumber,
    Sequence,
    SequenceParameter,
)
from apps.framework.models.menus import Menu, MenuFilter, MenuLabel
from apps.framework.models.modules import Component, Module
from apps.framework.models.outbound import Api, ApiConnection, ApiHeader, ApiParameter
from apps.framework.models.revisions import AlembicVersion
from apps.framework.models.sockets import Reservation, SocketConnection
from apps.framework.models.tables import Table, TableColumn, TableColumnCondition, TableFilter, Tree
from apps.framework.models.themes import Theme, ThemeColor

__all__ = [
    "Action",
    "ActionBranch",
    "ActionParameter",
    "ActionParameterFilter",
    "ActionTask",
    "ActionTaskParameter",
    "AlembicVersion",
    "Api",
    "ApiConnection",
    "ApiHeader",
    "ApiParameter",
    "Chart",
    "Component",
    "ComponentEvent",
    "Condition",
    "ConditionGroup",
    "ConditionParameter",
    "ContextMenu",
    "ContextMenuEntry",
    "ContextMenuFilter",
    "ContextMenuLabel",
    "Dashboard",
    "DashboardCell",
    "Dialog",
    "DialogField",
    "DialogFieldCondition",
    "DialogFilter",
    "DialogForm",
    "DialogTab",
    "DialogTabCondition",
    "DialogTabLabel",
    "Dictionary",
    "DictionaryEvent",
    "DictionaryFilter",
    "DictionaryLabel",
    "Enumeration",
    "EnumerationLabel",
    "EnumerationValue",
    "Event",
    "Function",
    "Language",
    "Link",
    "LinkCollection",
    "LinkLabel",
    "LogEntry",
    "Lookup",
    "LookupParameter",
    "Menu",
    "MenuFilter",
    "MenuLabel",
    "Module",
    "NextNumber",
    "Reservation",
    "Sequence",
    "SequenceParameter",
    "SocketConnection",
    "Table",
    "TableColumn",
    "TableColumnCondition",
    "TableFilter",
    "Theme",
    "ThemeColor",
    "Tree",
]
