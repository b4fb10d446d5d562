"""Reports and tables come in, the shapes of other tools go out: plain JSON values here, files for statistics from `export`; it knows no analysis but the audit."""

from gknlp.interop.plain import finding_as_dict, label_as_dict, report_as_dict, source_as_dict

__all__ = ["finding_as_dict", "label_as_dict", "report_as_dict", "source_as_dict"]
