# attack: none: shows that what a cell raises does reach the report, so that its absence elsewhere means something
# score: 18
# says: VISIBLE-IN-THE-REPORT
# %% honest
# %%
raise RuntimeError("VISIBLE-IN-THE-REPORT")
