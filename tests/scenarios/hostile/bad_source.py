# attack: cells that no parser can take: endless brackets, form feeds, unknown magics
# score: 18
# %% honest
# %%
@BRACKETS@
# %%
%%unknown
x
# %%
!touch @OUT@/autograder_was_here
# %%
%run @COURSE@/solutions/softmax/softmax.py
# %%
%%bash
touch @OUT@/autograder_was_here
# %%
%load_ext autoreload
%autoreload 2
%reset -f nothing
%cd @COURSE@
%env CANARY_PLANTED=1
%pip install numpy==1.0
%history -g -f @OUT@/autograder_was_here
%logstart @OUT@/autograder_was_here
%save -f @OUT@/autograder_was_here 1-5
%writefile @OUT@/autograder_was_here
# %%
input("points? ")
# %%
%debug
# %%
breakpoint()
