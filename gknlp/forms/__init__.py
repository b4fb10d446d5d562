"""The official forms (报表格式) as data: TOML files in, frozen Form values out. Knows no report."""

from gknlp.forms.form import Block, Column, Form, FormTable, Row, SectionKind
from gknlp.forms.load import load_form, load_forms

__all__ = ["Block", "Column", "Form", "FormTable", "Row", "SectionKind", "load_form", "load_forms"]
