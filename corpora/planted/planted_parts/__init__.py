"""A seed and a size in; fictional narratives with exact truth about what is copied out, block by block; knows no method that looks for it."""
