"""Units of a corpus in, coding sheets out; coded sheets in, agreement, gold labels and prevalences out; trains no classifier and parses no report."""

from gknlp.themes.coding.adjudicate import Adjudication, Decided, adjudicate, open_rows
from gknlp.themes.coding.agreement import Agreement, Measured, Place, measure_agreement
from gknlp.themes.coding.alpha import Alpha, krippendorff_alpha, measure_alpha
from gknlp.themes.coding.compare import encode_disagreements, settle_passes
from gknlp.themes.coding.facets import FACETS, Codes
from gknlp.themes.coding.frame import Frame, FrameUnit, build_frame
from gknlp.themes.coding.gold import Drawing, Pass, gold_files, read_pass, read_places, read_sample, read_units
from gknlp.themes.coding.prevalence import Estimate, Prevalence, estimate_prevalences, estimate_share
from gknlp.themes.coding.problems import SET_ASIDE, SheetProblem, encode_problems
from gknlp.themes.coding.read_sheet import CodedSheet, CodedUnit, read_sheet
from gknlp.themes.coding.results import (
    agreement_as_dict,
    encode_confusion,
    encode_measures,
    encode_prevalences,
    measure_as_dict,
    prevalence_as_dict,
)
from gknlp.themes.coding.rows import SheetRow, SheetUnit, sheet_rows
from gknlp.themes.coding.sample import Sample, SampleConfig, draw_sample
from gknlp.themes.coding.sheet import FORMATS, encode_sheet

__all__ = [
    "FACETS",
    "FORMATS",
    "SET_ASIDE",
    "Adjudication",
    "Agreement",
    "Alpha",
    "CodedSheet",
    "CodedUnit",
    "Codes",
    "Decided",
    "Drawing",
    "Estimate",
    "Frame",
    "FrameUnit",
    "Measured",
    "Pass",
    "Place",
    "Prevalence",
    "Sample",
    "SampleConfig",
    "SheetProblem",
    "SheetRow",
    "SheetUnit",
    "adjudicate",
    "agreement_as_dict",
    "build_frame",
    "draw_sample",
    "encode_confusion",
    "encode_disagreements",
    "encode_measures",
    "encode_prevalences",
    "encode_problems",
    "encode_sheet",
    "estimate_prevalences",
    "estimate_share",
    "gold_files",
    "krippendorff_alpha",
    "measure_agreement",
    "measure_alpha",
    "measure_as_dict",
    "open_rows",
    "prevalence_as_dict",
    "read_pass",
    "read_places",
    "read_sample",
    "read_sheet",
    "read_units",
    "settle_passes",
    "sheet_rows",
]
