"""otter-grader as a host: a master notebook for `otter assign`, and the plugin that grades in our sandbox."""
