"""A declared question (experiment.toml) and a corpus in, a run folder out - the same bytes every time.

Knows no terminal and no templates.
"""

from gknlp.experiment.config import Experiment, load_experiment
from gknlp.experiment.run import RunSummary, run_experiment
from gknlp.experiment.verify import Verification, verify_run

__all__ = ["Experiment", "RunSummary", "Verification", "load_experiment", "run_experiment", "verify_run"]
