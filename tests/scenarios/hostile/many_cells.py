# attack: nearly two thousand cells
# score: 18
# %% honest
# %% repeat 1900
1
