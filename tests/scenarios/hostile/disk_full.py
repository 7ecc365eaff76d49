# attack: fills the disk: one large file, many large files, a file with holes
# score: 18
# %% honest
# %%
chunk, total = b"x" * (1 << 20), 0
for number in range(64):
    try:
        with open(f"autograder_was_here_{number}", "wb", buffering=0) as file:
            for _ in range(16):
                total += file.write(chunk)
    except OSError:
        pass
if total > 64 << 20:
    raise SystemError(f"ESCAPED: {total >> 20} MB")
