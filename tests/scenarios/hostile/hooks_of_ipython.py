# attack: hooks, transformers and handlers of IPython that empty or rewrite later cells and results
# score: 0
# %%
import ast

shell = get_ipython()


class Empty(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("softmax = log_softmax = lambda z: True")


shell.ast_transformers.append(Empty())
shell.input_transformers_post.append(lambda lines: ["pass\n"])
shell.input_transformers_cleanup.append(lambda lines: ["pass\n"])
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(event, lambda *args: None)
shell.set_custom_exc((BaseException,), lambda *args, **kwargs: None)
shell.run_cell = shell.run_ast_nodes = shell.run_code = lambda *args, **kwargs: True
shell.displayhook = shell.display_pub = shell.showtraceback = None
type(shell).compile = compile
# %%
x = 1
