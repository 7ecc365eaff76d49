# attack: names, texts and lines full of templates, markup, formulas and control characters
# score: 0
# %%
raise RuntimeError("{kind} {0.__class__.__mro__} %(x)s {{}} ${x} =HYPERLINK(1) [bold]x[/] \x1b[31m \u202e \0 \r\n,\"'")
# %%
raise type("{kind}{text.__class__}=1+1", (Exception,), {})("@SUM(A1)")
# %%
def softmax(z):
    raise KeyError("{z}")  # {kind} {line.__class__} %s =1+1 [red]x[/red] <script>


def log_softmax(z):
    assert False, "{want} {got.__class__} %s"
