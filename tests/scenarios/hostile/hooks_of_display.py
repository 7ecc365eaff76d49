# attack: results whose display runs code, prints markup, or never ends
# score: 18
# says: cell
# %% honest
# %%
class Page:
    def _repr_html_(self):
        return "<script>CANARY-DISPLAY</script>"

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": "<script>CANARY-DISPLAY</script>"}

    def __repr__(self):
        return "CANARY-DISPLAY"


Page()
# %%
class Endless:
    def __repr__(self):
        while True:
            pass

    _ipython_display_ = __repr__


Endless()
# %%
class Error(Exception):
    def _render_traceback_(self):
        raise SystemExit

    def __str__(self):
        return "\x1b[2J\u202e<img src=x onerror=alert(1)>{0}{want}%s=cmd()"


raise Error
