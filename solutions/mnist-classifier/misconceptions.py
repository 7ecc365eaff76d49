"""Known wrong answers to `mnist-classifier`, one mistake each; the docstring is what the student reads.

Each stands alone: where the right function would call others of the notebook, what they do is written out.
"""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("prepare")
def not_scaled(images):
    """The pixels are not scaled to 0..1.

    With inputs up to 255 scores and gradients are hundreds of times too large, and every step overshoots. Divide by
    255.

    es: Los píxeles no se escalan a 0..1.

    Con entradas de hasta 255, las puntuaciones y los gradientes son cientos de veces demasiado grandes, y cada paso se
    pasa de largo. Divide entre 255.
    """
    return np.asarray(images, dtype=float).reshape(len(images), 784)


@misconception("prepare")
def whole_number_division(images):
    """The pixels are divided with //, which throws the fractions away.

    Everything below 255 becomes 0. A single slash divides in floating point.

    es: Los píxeles se dividen con //, que tira las fracciones.

    Todo lo que está por debajo de 255 se vuelve 0. Una sola barra divide en punto flotante.
    """
    return (np.asarray(images).reshape(len(images), 784) // 255).astype(float)


@misconception("prepare")
def cast_back_to_bytes(images):
    """The scaled pixels are stored as bytes again.

    A `uint8` holds only whole numbers, so everything below 1 is cut down to 0. Leave the result in floating point.

    es: Los píxeles escalados se guardan otra vez como bytes.

    Un `uint8` solo guarda enteros, y todo lo que no llega a 1 se recorta a 0. Deja el resultado en punto flotante.
    """
    return (np.asarray(images).reshape(len(images), 784) / 255).astype(np.uint8)


@misconception("prepare")
def divided_by_256(images):
    """The pixels are divided by 256.

    There are 256 values, but the largest is 255: white should become exactly 1.

    es: Los píxeles se dividen entre 256.

    Hay 256 valores, pero el mayor es 255: el blanco debería volverse exactamente 1.
    """
    return np.asarray(images, dtype=float).reshape(len(images), 784) / 256


@misconception("prepare")
def divided_by_the_largest(images):
    """The pixels are divided by the largest that occurs.

    The same image then becomes different inputs in different batches, and black images give 0 / 0. Divide by 255,
    whatever occurs.

    es: Los píxeles se dividen entre el mayor que aparece.

    Así una misma imagen da entradas distintas en lotes distintos, y las imágenes negras dan 0 / 0. Divide entre 255,
    aparezca lo que aparezca.
    """
    images = np.asarray(images, dtype=float).reshape(len(images), 784)
    return images / images.max()


@misconception("prepare")
def not_flattened(images):
    """The images are not flattened.

    A layer multiplies rows with a matrix: each image must become one row of 784 numbers. Look for `reshape`.

    es: Las imágenes no se aplanan.

    Una capa multiplica filas por una matriz: cada imagen debe convertirse en una fila de 784 números. Busca `reshape`.
    """
    return np.asarray(images, dtype=float) / 255


@misconception("prepare")
def column_after_column(images):
    """The images are flattened column after column.

    Row after row is NumPy's own order, and that of everyone who will look at the weights as images; `order="F"` and a
    transpose change it.

    es: Las imágenes se aplanan columna tras columna.

    Fila tras fila es el orden propio de NumPy, y el de quien vaya a mirar los pesos como imágenes; `order="F"` y una
    transpuesta lo cambian.
    """
    images = np.asarray(images, dtype=float)
    return images.transpose(0, 2, 1).reshape(len(images), 784) / 255


@misconception("prepare")
def scales_the_original(images):
    """The images of the caller are scaled as well.

    `images /= 255` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats.

    es: También se escalan las imágenes de quien llama a la función.

    `images /= 255` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes.
    """
    images = np.asarray(images, dtype=float)
    images /= 255
    return images.reshape(len(images), 784)


@misconception("predict_proba")
def unshifted(params, X):
    """The exponentials overflow: the scores are not shifted first.

    Beyond 709 `np.exp` gives `inf`, and `inf / inf` is `nan`. Subtract each row's largest score before the exponential.

    es: Las exponenciales se desbordan: falta desplazar las puntuaciones.

    Por encima de 709 `np.exp` da `inf`, e `inf / inf` es `nan`. Resta a cada fila su mayor puntuación antes de la
    exponencial.
    """
    e = np.exp(np.asarray(X) @ params["W"] + params["b"])
    return e / e.sum(axis=1, keepdims=True)


@misconception("predict_proba")
def bias_forgotten(params, X):
    """The biases are missing.

    The scores are X W + b; without b every class starts with the same chance.

    es: Faltan los sesgos.

    Las puntuaciones son X W + b; sin b todas las clases parten con la misma oportunidad.
    """
    z = np.asarray(X) @ params["W"]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@misconception("predict_proba")
def over_the_examples(params, X):
    """Softmax is taken over the examples instead of the classes.

    Each row is one example and should add up to 1; with `axis=0` the examples of a batch compete with each other.

    es: Softmax se calcula sobre los ejemplos en vez de sobre las clases.

    Cada fila es un ejemplo y debería sumar 1; con `axis=0` compiten entre sí los ejemplos de un lote.
    """
    z = np.asarray(X) @ params["W"] + params["b"]
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@misconception("predict_proba")
def over_the_whole_batch(params, X):
    """The whole batch is divided by one single sum.

    `np.sum` without an axis adds up all rows together. Each row needs a sum of its own.

    es: Todo el lote se divide entre una sola suma.

    `np.sum` sin eje suma todas las filas juntas. Cada fila necesita su propia suma.
    """
    z = np.asarray(X) @ params["W"] + params["b"]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


@misconception("predict_proba")
def scores_returned(params, X):
    """The scores are returned; softmax is missing.

    Scores may be negative and add up to anything. Probabilities need the exponential and the division by the sum.

    es: Se devuelven las puntuaciones; falta softmax.

    Las puntuaciones pueden ser negativas y sumar cualquier cosa. Las probabilidades necesitan la exponencial y la
    división entre la suma.
    """
    return np.asarray(X, dtype=float) @ params["W"] + params["b"]


@misconception("predict_proba")
def sigmoid_of_each(params, X):
    """Each score goes through a sigmoid of its own.

    The sigmoid answers ten independent yes-or-no questions, and the answers do not add up to 1. A digit belongs to
    exactly one class: let the classes compete, with softmax.

    es: Cada puntuación pasa por su propia sigmoide.

    La sigmoide responde diez preguntas de sí o no independientes, y las respuestas no suman 1. Un dígito pertenece a
    exactamente una clase: haz competir las clases, con softmax.
    """
    z = np.asarray(X) @ params["W"] + params["b"]
    return 0.5 * (1 + np.tanh(z / 2))


def right_loss_and_grads(params, X, y):
    """The right loss and gradients, by way of the logarithms of the probabilities."""
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    delta = np.exp(log_p)
    delta[rows, y] -= 1
    delta /= len(y)
    return float(-log_p[rows, y].mean()), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@misconception("loss_and_grads")
def one_hot_expected(params, X, y):
    """The labels are taken for one-hot rows.

    `y` holds one whole number per example, so `y * log(p)` multiplies the wrong things, or fails. Pick the entry of the
    right class: `p[np.arange(n), y]`; or make one-hot rows out of `y` first.

    es: Las etiquetas se toman por filas one-hot.

    `y` tiene un número entero por ejemplo, y `y * log(p)` multiplica lo que no debe, o falla. Elige la entrada de la
    clase correcta: `p[np.arange(n), y]`; o convierte antes `y` en filas one-hot.
    """
    X, y = np.asarray(X), np.asarray(y)
    z = X @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(y * log_p) / len(y)
    delta = (np.exp(log_p) - y) / len(y)
    return float(loss), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@misconception("loss_and_grads", was="-log_p[rows, y].mean()", now="-log_p[rows, y].sum()", base=right_loss_and_grads)
def loss_not_averaged():
    """The loss is the sum over the examples, not their mean.

    It then grows with the size of the batch, and the losses of a short and a long batch cannot be compared. Divide by
    n.

    es: El error es la suma sobre los ejemplos, no el promedio.

    Así crece con el tamaño del lote, y no se pueden comparar los errores de un lote corto y uno largo. Divide entre n.
    """


@misconception("loss_and_grads", was="    delta /= len(y)\n", now="", base=right_loss_and_grads)
def gradients_not_averaged():
    """The gradients are not divided by the number of examples.

    The loss is a mean, so its gradient is one too. Otherwise the step grows with the batch, and the learning rate must
    be chosen anew for every batch size.

    es: Los gradientes no se dividen entre el número de ejemplos.

    El error es un promedio, y su gradiente también. Si no, el paso crece con el lote, y hay que elegir otra tasa de
    aprendizaje para cada tamaño de lote.
    """


@misconception(
    "loss_and_grads",
    was=("delta = np.exp(log_p)", "delta[rows, y] -= 1"),
    now=("delta = -np.exp(log_p)", "delta[rows, y] += 1"),
    base=right_loss_and_grads,
)
def sign_reversed():
    """The gradients have the wrong sign: delta is what was right minus what was said.

    The derivative of the loss is p - Y. The minus of gradient descent belongs to the step, not to the gradient.

    es: Los gradientes tienen el signo contrario: delta es lo correcto menos lo dicho.

    La derivada del error es p - Y. El menos del descenso de gradiente va en el paso, no en el gradiente.
    """


@misconception("loss_and_grads")
def labels_left_out(params, X, y):
    """The gradient does not subtract the right answers: delta is p alone.

    Then every class is pushed down and none up. Subtract 1 at the right class: p - Y.

    es: El gradiente no resta las respuestas correctas: delta es solo p.

    Así todas las clases se empujan hacia abajo y ninguna hacia arriba. Resta 1 en la clase correcta: p - Y.
    """
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    delta = np.exp(log_p) / len(y)
    return float(-log_p[rows, y].mean()), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@misconception("loss_and_grads", was='"b": delta.sum(axis=0)', now='"b": delta', base=right_loss_and_grads)
def bias_gradient_not_summed():
    """The gradient of the biases is not summed over the examples.

    One bias per class serves all examples: `delta.sum(axis=0)` has shape (c,), `delta` itself one row per example.

    es: El gradiente de los sesgos no se suma sobre los ejemplos.

    Un sesgo por clase sirve a todos los ejemplos: `delta.sum(axis=0)` tiene forma (c,); `delta` misma, una fila por
    ejemplo.
    """


@misconception("loss_and_grads", was="delta.sum(axis=0)", now="delta.mean(axis=0)", base=right_loss_and_grads)
def bias_gradient_averaged_twice():
    """The gradient of the biases is divided by n twice.

    delta already carries the 1/n; summing is enough, `mean` divides once more.

    es: El gradiente de los sesgos se divide dos veces entre n.

    delta ya lleva el 1/n; basta con sumar, y `mean` divide una vez más.
    """


@misconception("loss_and_grads")
def small_number_added(params, X, y):
    """A small number is added inside the logarithm.

    `log(p + 1e-12)` keeps `inf` away, but every confident mistake then costs the same 27.6, however sure it was.
    Compute the logarithm from the shifted scores: nothing has to be hidden.

    es: Se suma un número pequeño dentro del logaritmo.

    `log(p + 1e-12)` evita el `inf`, pero entonces todo error cometido con seguridad cuesta lo mismo, 27.6, por seguro
    que fuera. Calcula el logaritmo desde las puntuaciones desplazadas: no hay nada que tapar.
    """
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[rows, y] + 1e-12))
    delta = p.copy()
    delta[rows, y] -= 1
    delta /= len(y)
    return float(loss), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@misconception("loss_and_grads")
def logarithm_of_zero(params, X, y):
    """The logarithm is taken of a probability that has become 0.

    A score that lies 800 below the largest has the probability e^-800, which is stored as 0, and its logarithm is -inf.
    Take the logarithm on paper first: shifted score minus the logarithm of the sum.

    es: Se toma el logaritmo de una probabilidad que llegó a 0.

    Una puntuación 800 por debajo de la mayor tiene probabilidad e^-800, que se guarda como 0, y su logaritmo es -inf.
    Toma primero el logaritmo en papel: puntuación desplazada menos el logaritmo de la suma.
    """
    X, rows = np.asarray(X), np.arange(len(y))
    z = X @ params["W"] + params["b"]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[rows, y]))
    delta = p.copy()
    delta[rows, y] -= 1
    delta /= len(y)
    return float(loss), {"W": X.T @ delta, "b": delta.sum(axis=0)}


@misconception(
    "loss_and_grads", was="log_p[rows, y].mean()", now="log_p[rows, y].mean() / np.log(2)", base=right_loss_and_grads
)
def logarithm_to_base_two():
    """The logarithm is taken to base 2.

    The gradient p - Y belongs to the natural logarithm: `np.log`.

    es: El logaritmo se toma en base 2.

    El gradiente p - Y corresponde al logaritmo natural: `np.log`.
    """


@misconception("minibatches")
def last_batch_dropped(n, batch_size, seed):
    """The last, short batch is dropped.

    `n // batch_size` counts only full batches, and the examples that remain are left out. Go on to the end: slices may
    be short.

    es: El último lote, más corto, se descarta.

    `n // batch_size` cuenta solo los lotes completos, y los ejemplos que sobran quedan fuera. Sigue hasta el final: los
    trozos pueden ser cortos.
    """
    order = np.random.default_rng(seed).permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


@misconception("minibatches")
def last_batch_filled_up(n, batch_size, seed):
    """The last batch is filled up with examples that have been dealt already.

    Some examples then count twice in the epoch. Leave the last batch short.

    es: El último lote se completa con ejemplos que ya se repartieron.

    Así algunos ejemplos cuentan dos veces en la época. Deja corto el último lote.
    """
    order = np.random.default_rng(seed).permutation(n)
    return [
        np.resize(order[start:], batch_size) if start + batch_size > n else order[start : start + batch_size]
        for start in range(0, n, batch_size)
    ]


@misconception("minibatches")
def not_shuffled(n, batch_size, seed):
    """The examples are not shuffled.

    Data often come sorted, and a batch with nothing but zeros pulls all weights towards the 0. Shuffle the positions
    before cutting them into pieces.

    es: Los ejemplos no se barajan.

    Los datos a menudo vienen ordenados, y un lote donde solo hay ceros tira de todos los pesos hacia el 0. Baraja las
    posiciones antes de cortarlas en trozos.
    """
    return [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]


@misconception("minibatches")
def seed_ignored(n, batch_size, seed):
    """The seed that is passed in is not used.

    Every epoch then has the same order (or none can be repeated). Give `seed` to the generator.

    es: No se usa la semilla que se recibe.

    Así todas las épocas tienen el mismo orden (o ninguna se puede repetir). Dale `seed` al generador.
    """
    order = np.random.default_rng(0).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@misconception("minibatches")
def drawn_with_replacement(n, batch_size, seed):
    """The examples are drawn at random, so that some come twice and others not at all.

    An epoch sees every example exactly once: shuffle all positions (`permutation`) instead of drawing them.

    es: Los ejemplos se sortean, de modo que unos salen dos veces y otros ninguna.

    Una época ve cada ejemplo exactamente una vez: baraja todas las posiciones (`permutation`) en vez de sortearlas.
    """
    order = np.random.default_rng(seed).integers(n, size=n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@misconception("minibatches")
def size_taken_for_number(n, batch_size, seed):
    """batch_size is taken for the number of batches.

    It says how many examples one batch holds; `np.array_split(order, k)` makes k batches.

    es: batch_size se toma por la cantidad de lotes.

    Dice cuántos ejemplos tiene un lote; `np.array_split(order, k)` hace k lotes.
    """
    return list(np.array_split(np.random.default_rng(seed).permutation(n), batch_size))


@misconception("minibatches")
def only_batches_shuffled(n, batch_size, seed):
    """Only the order of the batches is shuffled, not the examples in them.

    Neighbours then always stay together, and sorted data still give batches of a single class. Shuffle the positions
    first, cut afterwards.

    es: Solo se baraja el orden de los lotes, no los ejemplos que contienen.

    Así los vecinos siempre quedan juntos, y con datos ordenados cada lote sigue siendo de una sola clase. Baraja
    primero las posiciones y corta después.
    """
    batches = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    return [batches[i] for i in np.random.default_rng(seed).permutation(len(batches))]


def right_train(params, X, y, learning_rate, epochs, batch_size, seed):
    """The right training, without a call of the notebook's other functions."""
    X, y, losses = np.asarray(X), np.asarray(y), []
    for epoch in range(epochs):
        order, total = np.random.default_rng(seed + epoch).permutation(len(X)), 0.0
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            z = X[rows] @ params["W"] + params["b"]
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            total -= log_p[np.arange(len(rows)), y[rows]].sum()
            delta = (np.exp(log_p) - np.eye(z.shape[1])[y[rows]]) * learning_rate / len(rows)
            params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}
        losses.append(float(total / len(X)))
    return params, losses


@misconception(
    "train", was=("for epoch in", "default_rng(seed + epoch)"), now=("for _ in", "default_rng(seed)"), base=right_train
)
def same_order_every_epoch():
    """Every epoch uses the same order.

    Epoch e should take `minibatches(n, batch_size, seed + e)`: always the same neighbours make the gradients less
    varied than they could be.

    es: Todas las épocas usan el mismo orden.

    La época e debería tomar `minibatches(n, batch_size, seed + e)`: con los mismos vecinos siempre, los gradientes
    varían menos de lo que podrían.
    """


@misconception("train")
def all_at_once(params, X, y, learning_rate, epochs, batch_size, seed):
    """Each epoch takes a single step with all examples; batch_size is not used.

    That is full-batch descent: one careful step where mini-batches would have taken hundreds. Loop over the batches
    inside the loop over the epochs.

    es: Cada época da un solo paso con todos los ejemplos; batch_size no se usa.

    Eso es descenso con el lote completo: un paso cuidadoso donde los mini-lotes habrían dado cientos. Recorre los lotes
    dentro del ciclo de las épocas.
    """
    X, y, losses = np.asarray(X), np.asarray(y), []
    for _ in range(epochs):
        z = X @ params["W"] + params["b"]
        z -= z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        losses.append(float(-log_p[np.arange(len(X)), y].mean()))
        delta = (np.exp(log_p) - np.eye(z.shape[1])[y]) * learning_rate / len(X)
        params = {"W": params["W"] - X.T @ delta, "b": params["b"] - delta.sum(axis=0)}
    return params, losses


@misconception("train")
def one_epoch_only(params, X, y, learning_rate, epochs, batch_size, seed):
    """Only one epoch is trained, however many are asked for.

    Look at the loop over the epochs: does a `return` stand inside it, or is it missing?

    es: Solo se entrena una época, pida lo que se pida.

    Mira el ciclo de las épocas: ¿hay un `return` dentro de él, o falta el ciclo?
    """
    X, y = np.asarray(X), np.asarray(y)
    order, total = np.random.default_rng(seed).permutation(len(X)), 0.0
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        z = X[rows] @ params["W"] + params["b"]
        z -= z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        total -= log_p[np.arange(len(rows)), y[rows]].sum()
        delta = (np.exp(log_p) - np.eye(z.shape[1])[y[rows]]) * learning_rate / len(rows)
        params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}
    return params, [float(total / len(X))]


@misconception("train")
def back_to_the_start(params, X, y, learning_rate, epochs, batch_size, seed):
    """Each epoch begins again at the starting parameters.

    What an epoch has learnt is thrown away by the next. Set up the parameters once, before the loop.

    es: Cada época vuelve a empezar desde los parámetros iniciales.

    Lo que aprende una época lo tira la siguiente. Prepara los parámetros una sola vez, antes del ciclo.
    """
    X, y, losses, p = np.asarray(X), np.asarray(y), [], dict(params)
    for epoch in range(epochs):
        p = dict(params)
        order, total = np.random.default_rng(seed + epoch).permutation(len(X)), 0.0
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            z = X[rows] @ p["W"] + p["b"]
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            total -= log_p[np.arange(len(rows)), y[rows]].sum()
            delta = (np.exp(log_p) - np.eye(z.shape[1])[y[rows]]) * learning_rate / len(rows)
            p = {"W": p["W"] - X[rows].T @ delta, "b": p["b"] - delta.sum(axis=0)}
        losses.append(float(total / len(X)))
    return p, losses


@misconception("train")
def batches_counted_alike(params, X, y, learning_rate, epochs, batch_size, seed):
    """The losses of all batches count alike, the short last one as much as a full one.

    The mean of means is not the mean over the examples. Weigh each batch's loss by its number of examples, and divide
    by all of them.

    es: Los errores de todos los lotes cuentan lo mismo, también el del último, más corto.

    El promedio de promedios no es el promedio sobre los ejemplos. Pondera el error de cada lote por su número de
    ejemplos y divide entre todos.
    """
    X, y, losses = np.asarray(X), np.asarray(y), []
    for epoch in range(epochs):
        order, means = np.random.default_rng(seed + epoch).permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            z = X[rows] @ params["W"] + params["b"]
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            means.append(-log_p[np.arange(len(rows)), y[rows]].mean())
            delta = (np.exp(log_p) - np.eye(z.shape[1])[y[rows]]) * learning_rate / len(rows)
            params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}
        losses.append(float(np.mean(means)))
    return params, losses


@misconception("train")
def one_loss_per_batch(params, X, y, learning_rate, epochs, batch_size, seed):
    """There is one loss per batch instead of one per epoch.

    Add up the losses of the batches, weighed by their sizes, and append their mean once the epoch is over.

    es: Hay un error por lote en vez de uno por época.

    Suma los errores de los lotes, ponderados por su tamaño, y agrega su promedio cuando termina la época.
    """
    X, y, losses = np.asarray(X), np.asarray(y), []
    for epoch in range(epochs):
        order = np.random.default_rng(seed + epoch).permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            z = X[rows] @ params["W"] + params["b"]
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            losses.append(float(-log_p[np.arange(len(rows)), y[rows]].mean()))
            delta = (np.exp(log_p) - np.eye(z.shape[1])[y[rows]]) * learning_rate / len(rows)
            params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}
    return params, losses


@misconception(
    "train",
    was='            params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}\n',
    now='            params["W"] -= X[rows].T @ delta\n            params["b"] -= delta.sum(axis=0)\n',
    base=right_train,
)
def start_overwritten():
    """The starting parameters are overwritten by training.

    `-=` writes into the caller's arrays, who can then no longer train again from the same start. Each step should make
    new arrays, or work on copies.

    es: El entrenamiento sobrescribe los parámetros iniciales.

    `-=` escribe en los arreglos de quien llama, que ya no puede entrenar otra vez desde el mismo comienzo. Cada paso
    debería crear arreglos nuevos, o trabajar sobre copias.
    """


@misconception("train")
def labels_not_shuffled_along(params, X, y, learning_rate, epochs, batch_size, seed):
    """The images are picked by the batch, but the labels in their original order.

    Every image then gets somebody else's label, and there is nothing to learn. Pick both with the same positions:
    `X[batch]` and `y[batch]`.

    es: Las imágenes se eligen según el lote, pero las etiquetas en su orden original.

    Así cada imagen recibe la etiqueta de otra, y no hay nada que aprender. Elige las dos con las mismas posiciones:
    `X[batch]` e `y[batch]`.
    """
    X, y, losses = np.asarray(X), np.asarray(y), []
    for epoch in range(epochs):
        order, total = np.random.default_rng(seed + epoch).permutation(len(X)), 0.0
        for start in range(0, len(X), batch_size):
            rows, labels = order[start : start + batch_size], y[start : start + batch_size]
            z = X[rows] @ params["W"] + params["b"]
            z -= z.max(axis=1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            total -= log_p[np.arange(len(rows)), labels].sum()
            delta = (np.exp(log_p) - np.eye(z.shape[1])[labels]) * learning_rate / len(rows)
            params = {"W": params["W"] - X[rows].T @ delta, "b": params["b"] - delta.sum(axis=0)}
        losses.append(float(total / len(X)))
    return params, losses


def right_evaluate(params, X, y):
    """The right loss and accuracy, without a call of the notebook's other functions."""
    z = np.asarray(X) @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(len(y)), y].mean()
    return float(loss), float(np.mean(z.argmax(axis=1) == y))


@misconception("evaluate")
def trains_on_the_test(params, X, y):
    """The images that should only be looked at are used for training.

    A classifier that has seen the test shows how well it remembers, not how well it reads. `evaluate` takes no step: it
    measures with the parameters that it is given.

    es: Las imágenes que solo había que mirar se usan para entrenar.

    Un clasificador que vio la prueba muestra qué tan bien recuerda, no qué tan bien lee. `evaluate` no da ningún paso:
    mide con los parámetros que recibe.
    """
    X, y, rows = np.asarray(X), np.asarray(y), np.arange(len(y))
    W, b = params["W"], params["b"]
    for _ in range(20):
        z = X @ W + b
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        delta = (p - np.eye(len(b))[y]) / len(y)
        W, b = W - 0.5 * X.T @ delta, b - 0.5 * delta.sum(axis=0)
    z = X @ W + b
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_p[rows, y].mean()), float(np.mean(z.argmax(axis=1) == y))


@misconception("evaluate", was="float(np.mean(", now="float(100 * np.mean(", base=right_evaluate)
def in_percent():
    """The accuracy is given in percent.

    A share lies between 0 and 1; write the percent sign only when you print it.

    es: La exactitud se da en porcentaje.

    Una fracción está entre 0 y 1; pon el signo de porcentaje solo al imprimirla.
    """


@misconception("evaluate", was="np.mean(", now="np.sum(", base=right_evaluate)
def counted_not_shared():
    """The right predictions are counted, not related to the number of examples.

    Divide by n, or take the mean of the comparison: True counts as 1.

    es: Los aciertos se cuentan, sin relacionarlos con el número de ejemplos.

    Divide entre n, o toma el promedio de la comparación: True cuenta como 1.
    """


@misconception("evaluate", was="z.argmax(axis=1)", now="np.resize(z.argmax(axis=0), len(y))", base=right_evaluate)
def most_likely_example():
    """The prediction is taken over the examples instead of the classes.

    `argmax` without an axis, or with `axis=0`, looks for the most likely example. Which axis runs over the classes?

    es: La predicción se toma sobre los ejemplos en vez de sobre las clases.

    `argmax` sin eje, o con `axis=0`, busca el ejemplo más probable. ¿Qué eje recorre las clases?
    """


@misconception("evaluate")
def certainty_for_accuracy(params, X, y):
    """The mean probability of the right class stands for the accuracy.

    That is how sure the classifier is. A prediction is right or wrong: compare `argmax` with the label, and count.

    es: La probabilidad media de la clase correcta se da por exactitud.

    Eso es qué tan seguro está el clasificador. Una predicción es correcta o no: compara `argmax` con la etiqueta y
    cuenta.
    """
    z = np.asarray(X) @ params["W"] + params["b"]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    right = log_p[np.arange(len(y)), y]
    return float(-right.mean()), float(np.exp(right).mean())
