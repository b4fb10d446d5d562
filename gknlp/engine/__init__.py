"""Items and a job come in, packed results and failures go out, in order; this room does not know what a report is."""
