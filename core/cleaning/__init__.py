"""The cleaning rules, and what they are made of: values of one column in, clean values out."""
