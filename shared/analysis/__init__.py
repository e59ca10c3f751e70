"""Analysis: what is seen, heard and said in a recording, as far as it helps to find its best moments."""
