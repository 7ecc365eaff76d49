# attack: two megabytes of source, more than one message to the sandbox may hold
# score: 18
# %% honest
# %% repeat 3
text = "@LONG@"
