"""Known wrong answers to the assignment `mse`, one mistake each; the docstring is what the student reads."""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("mse")
def summed_over_outputs(y_true, y_pred):
    """The outputs are added up, and only the examples are averaged.

    That is the lecture's convention, d times larger with d outputs. `mse` divides by the number of entries, examples
    times outputs.

    es: Las salidas se suman, y solo se promedian los ejemplos.

    Esa es la convención de la clase, d veces mayor con d salidas. `mse` divide entre la cantidad de entradas, ejemplos
    por salidas.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)


@misconception("mse")
def added_up(y_true, y_pred):
    """The squares are added up, and no mean is taken.

    A sum grows with the number of examples. Divide by how many squares there are.

    es: Los cuadrados se suman, y no se toma ningún promedio.

    Una suma crece con la cantidad de ejemplos. Divide entre cuántos cuadrados hay.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2)


@misconception("mse")
def with_the_half_of_backpropagation(y_true, y_pred):
    """The result is the mean over the examples of half the squared distance.

    That is `half_mse`, the third function of this notebook. With two outputs both agree, by accident; with any other
    number they do not.

    es: El resultado es el promedio sobre los ejemplos de la mitad de la distancia al cuadrado.

    Esa es `half_mse`, la tercera función de este cuaderno. Con dos salidas ambas coinciden por casualidad; con
    cualquier otra cantidad, no.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / (2 * len(y_pred))


@misconception("mse")
def root_taken(y_true, y_pred):
    """The square root of the mean is returned.

    That is RMSE, good for reading because it has the unit of the grades. The loss asked for is the mean itself.

    es: Se devuelve la raíz cuadrada del promedio.

    Ese es el RMSE, cómodo de leer porque tiene la unidad de las notas. La función de error pedida es el promedio mismo.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sqrt(np.mean((y_pred - y_true) ** 2))


@misconception("mse")
def absolute_values(y_true, y_pred):
    """Absolute differences are averaged instead of squares.

    That is MAE. Squaring weighs one error of 10 as much as a hundred errors of 1.

    es: Se promedian diferencias absolutas en vez de cuadrados.

    Ese es el MAE. El cuadrado hace que un error de 10 pese tanto como cien errores de 1.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(np.abs(y_pred - y_true))


@misconception("mse")
def not_squared(y_true, y_pred):
    """The differences are averaged without being squared.

    Errors above and below then cancel each other, and a bad model can score 0.

    es: Las diferencias se promedian sin elevarlas al cuadrado.

    Así los errores por encima y por debajo se cancelan, y un mal modelo puede obtener 0.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(y_pred - y_true)


@misconception("mse")
def squared_too_late(y_true, y_pred):
    """The mean is taken first and squared afterwards.

    Errors above and below cancel each other before the square can count them. Square each difference, then take the
    mean.

    es: Primero se promedia y después se eleva al cuadrado.

    Los errores por encima y por debajo se cancelan antes de que el cuadrado los cuente. Eleva cada diferencia y después
    promedia.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(y_pred - y_true) ** 2


@misconception("mse")
def one_number_per_output(y_true, y_pred):
    """The mean runs over the examples only: there is one number for each output.

    `axis=0` keeps the columns apart. A loss is one number; which axis is right if all entries count?

    es: El promedio recorre solo los ejemplos: sale un número por cada salida.

    `axis=0` mantiene separadas las columnas. Una función de error da un solo número; ¿qué eje va si cuentan todas las
    entradas?
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean((y_pred - y_true) ** 2, axis=0)


@misconception("mse")
def one_number_per_example(y_true, y_pred):
    """The mean runs over the outputs only: there is one number for each example.

    `axis=-1` keeps the rows apart, as Keras does before its last step. The mean over the batch is missing.

    es: El promedio recorre solo las salidas: sale un número por cada ejemplo.

    `axis=-1` mantiene separadas las filas, como hace Keras antes de su último paso. Falta el promedio sobre el lote.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean((y_pred - y_true) ** 2, axis=-1)


@misconception("mse")
def shapes_not_compared(y_true, y_pred):
    """Arrays of different shapes are stretched to fit.

    With shapes `(n,)` and `(n, 1)` NumPy subtracts every true value from every prediction, a table of n times n.
    Compare the shapes first, and raise a ValueError.

    es: Los arreglos de formas distintas se estiran hasta encajar.

    Con formas `(n,)` y `(n, 1)` NumPy resta cada valor verdadero de cada predicción, una tabla de n por n. Compara
    antes las formas y lanza un ValueError.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean((y_pred - y_true) ** 2)


@misconception("mse")
def wraps_around(y_true, y_pred):
    """Unsigned integers are subtracted before they become floats.

    In `uint8`, 3 - 5 is 254, without a warning, and squares wrap around at 256 as well. Turn both arguments into floats
    first.

    es: Se restan enteros sin signo antes de convertirlos en flotantes.

    En `uint8`, 3 - 5 da 254, sin aviso, y también los cuadrados dan la vuelta en 256. Convierte primero los dos
    argumentos en flotantes.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    return np.mean((np.asarray(y_pred) - np.asarray(y_true)) ** 2)


@misconception("mse")
def arrays_only(y_true, y_pred):
    """Lists are subtracted as if they were arrays.

    Python cannot subtract lists. Turn both arguments into arrays of floats first.

    es: Se restan listas como si fueran arreglos.

    Python no sabe restar listas. Convierte primero los dos argumentos en arreglos de flotantes.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    return np.mean((y_pred - y_true) ** 2)


@misconception("mse")
def tables_only(y_true, y_pred):
    """The loop expects rows and meets single numbers.

    A vector of shape `(n,)` has no rows to go through. NumPy's operations work entry by entry on either shape.

    es: El ciclo espera filas y se encuentra con números sueltos.

    Un vector de forma `(n,)` no tiene filas que recorrer. Las operaciones de NumPy trabajan entrada por entrada con
    ambas formas.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    total = 0.0
    for i in range(len(y_true)):
        for j in range(len(y_true[i])):
            total += (float(y_pred[i][j]) - float(y_true[i][j])) ** 2
    return total / (len(y_true) * len(y_true[0]))


@misconception("mse")
def changes_its_argument(y_true, y_pred):
    """The predictions of the caller are changed.

    `y_pred -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give
    the difference a name of its own.

    es: Se modifican las predicciones de quien llama a la función.

    `y_pred -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dale un
    nombre propio a la diferencia.
    """
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError("the shapes differ")
    y_pred = np.asarray(y_pred, dtype=float)
    y_pred -= np.asarray(y_true, dtype=float)
    return np.mean(y_pred**2)


@misconception("mse_grad")
def two_left_out(y_true, y_pred):
    """The factor 2 of the derivative is missing.

    The derivative of a square is twice its base. The 2 only disappears in the convention with a half in front, and
    there the divisor is another one.

    es: Falta el factor 2 de la derivada.

    La derivada de un cuadrado es el doble de su base. El 2 solo desaparece en la convención con un medio delante, y ahí
    el divisor es otro.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return (y_pred - y_true) / y_pred.size


@misconception("mse_grad")
def truth_minus_prediction(y_true, y_pred):
    """The gradient has the opposite sign.

    The derivative by the prediction has the sign of prediction minus truth: too high a prediction, a positive slope.
    The minus of gradient descent comes later, in the step.

    es: El gradiente tiene el signo contrario.

    La derivada respecto de la predicción tiene el signo de predicción menos verdad: si la predicción es alta, la
    pendiente es positiva. El signo menos del descenso de gradiente viene después, en el paso.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return 2.0 * (y_true - y_pred) / y_pred.size


@misconception("mse_grad")
def not_divided(y_true, y_pred):
    """The gradient is not divided by the number of entries.

    The loss is a mean, and the divisor of the mean stays in its derivative.

    es: El gradiente no se divide entre la cantidad de entradas.

    La función de error es un promedio, y el divisor del promedio se queda en su derivada.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return 2.0 * (y_pred - y_true)


@misconception("mse_grad")
def divided_by_examples(y_true, y_pred):
    """The gradient is divided by the number of examples only.

    `len(y_pred)` counts rows. `mse` is a mean over all entries, examples times outputs, and so is its gradient.

    es: El gradiente se divide solo entre la cantidad de ejemplos.

    `len(y_pred)` cuenta filas. `mse` es un promedio de todas las entradas, ejemplos por salidas, y su gradiente
    también.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return 2.0 * (y_pred - y_true) / len(y_pred)


@misconception("mse_grad")
def gradient_of_half_mse(y_true, y_pred):
    """The result is the gradient of half_mse.

    (prediction - truth) / n belongs to the loss with a half in front and without a division by the outputs. Derive the
    formula of `mse`.

    es: El resultado es el gradiente de half_mse.

    (predicción - verdad) / n corresponde a la función con un medio delante y sin dividir entre las salidas. Deriva la
    fórmula de `mse`.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return (y_pred - y_true) / len(y_pred)


@misconception("mse_grad")
def averaged_to_one_number(y_true, y_pred):
    """The slopes are averaged into one number.

    A gradient has one slope for each prediction, in the shape of `y_pred`; only the loss is one number.

    es: Las pendientes se promedian en un solo número.

    Un gradiente tiene una pendiente por cada predicción, con la forma de `y_pred`; solo la función de error da un único
    número.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(2.0 * (y_pred - y_true))


@misconception("mse_grad")
def averaged_over_examples(y_true, y_pred):
    """The slopes are averaged over the examples.

    With `axis=0` the rows are lost. Each prediction has a slope of its own; adding over the batch comes later, with the
    parameters that all examples share.

    es: Las pendientes se promedian sobre los ejemplos.

    Con `axis=0` se pierden las filas. Cada predicción tiene su propia pendiente; sumar sobre el lote viene después, con
    los parámetros que todos los ejemplos comparten.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum(2.0 * (y_pred - y_true), axis=0) / y_pred.size


@misconception("mse_grad")
def magnitude_only(y_true, y_pred):
    """The slopes have lost their sign.

    A prediction that is too low has a negative slope. With absolute values, training would push all predictions the
    same way.

    es: Las pendientes perdieron el signo.

    Una predicción demasiado baja tiene pendiente negativa. Con valores absolutos, el entrenamiento empujaría todas las
    predicciones hacia el mismo lado.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return 2.0 * np.abs(y_pred - y_true) / y_pred.size


@misconception("mse_grad")
def grad_wraps_around(y_true, y_pred):
    """Unsigned integers are subtracted before they become floats.

    In `uint8`, 3 - 5 is 254, so that no slope is ever negative. Turn both arguments into floats first.

    es: Se restan enteros sin signo antes de convertirlos en flotantes.

    En `uint8`, 3 - 5 da 254, y así ninguna pendiente sale negativa. Convierte primero los dos argumentos en flotantes.
    """
    difference = np.asarray(y_pred) - np.asarray(y_true)
    return 2.0 * difference / difference.size


@misconception("mse_grad")
def grad_of_arrays_only(y_true, y_pred):
    """Lists are subtracted as if they were arrays.

    Python cannot subtract lists. Turn both arguments into arrays of floats first.

    es: Se restan listas como si fueran arreglos.

    Python no sabe restar listas. Convierte primero los dos argumentos en arreglos de flotantes.
    """
    difference = y_pred - y_true
    return 2.0 * difference / np.size(difference)


@misconception("mse_grad")
def grad_changes_its_argument(y_true, y_pred):
    """The predictions of the caller are changed.

    `y_pred -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give
    the difference a name of its own.

    es: Se modifican las predicciones de quien llama a la función.

    `y_pred -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dale un
    nombre propio a la diferencia.
    """
    y_pred = np.asarray(y_pred, dtype=float)
    y_pred -= np.asarray(y_true, dtype=float)
    return 2.0 * y_pred / y_pred.size


@misconception("half_mse")
def half_left_out(y_true, y_pred):
    """The half is missing.

    This is the sum over outputs, averaged over examples: twice what is wanted.

    es: Falta el medio.

    Esto es la suma sobre salidas, promediada sobre ejemplos: el doble de lo pedido.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)


@misconception("half_mse")
def half_of_the_mean_of_entries(y_true, y_pred):
    """The mean over all entries is halved.

    The squares of one example are added up, not averaged: divide by twice the number of rows.

    es: Se toma la mitad del promedio de todas las entradas.

    Los cuadrados de un mismo ejemplo se suman, no se promedian: divide entre el doble de la cantidad de filas.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean((y_pred - y_true) ** 2) / 2


@misconception("half_mse")
def mse_again(y_true, y_pred):
    """The result is mse.

    With two outputs both agree by accident. The squares of one example are added up and halved, then averaged over the
    examples.

    es: El resultado es mse.

    Con dos salidas ambas coinciden por casualidad. Los cuadrados de un mismo ejemplo se suman y se parten por la mitad,
    y después se promedia sobre los ejemplos.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean((y_pred - y_true) ** 2)


@misconception("half_mse")
def half_of_the_sum(y_true, y_pred):
    """The sum over the whole batch is halved, and no mean is taken.

    The formula for one example, used for n of them, grows with the batch. Divide by the number of examples.

    es: Se toma la mitad de la suma de todo el lote, sin promediar.

    La fórmula de un ejemplo, usada con n, crece con el lote. Divide entre la cantidad de ejemplos.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.sum((y_pred - y_true) ** 2) / 2


@misconception("half_mse")
def distance_not_squared(y_true, y_pred):
    """The distance is not squared.

    `np.linalg.norm` takes a square root. The loss is built from the squared norm, the sum of squares as it is.

    es: La distancia no está elevada al cuadrado.

    `np.linalg.norm` toma una raíz cuadrada. La función de error usa la norma al cuadrado, la suma de cuadrados tal
    cual.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    difference = (y_pred - y_true).reshape(len(y_pred), -1)
    return np.mean(np.linalg.norm(difference, axis=1)) / 2


@misconception("half_mse")
def one_half_per_example(y_true, y_pred):
    """The result is a vector: the mean over the examples is missing.

    Training needs one number to make smaller.

    es: El resultado es un vector: falta el promedio sobre los ejemplos.

    El entrenamiento necesita un solo número que reducir.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return 0.5 * np.sum((y_pred - y_true).reshape(len(y_pred), -1) ** 2, axis=1)


@misconception("half_mse")
def second_axis_needed(y_true, y_pred):
    """A second axis is expected where there is none.

    `axis=1` does not exist in a vector of shape `(n,)`. The total sum of squares is all that is needed, and it needs no
    axis.

    es: Se espera un segundo eje donde no lo hay.

    `axis=1` no existe en un vector de forma `(n,)`. Basta la suma total de cuadrados, y esa no necesita eje.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(np.sum((y_pred - y_true) ** 2, axis=1)) / 2


@misconception("half_mse")
def vector_as_one_example(y_true, y_pred):
    """A vector is taken for one single example.

    Rows are examples: a vector of shape `(n,)` holds n examples with one output, and n is what the sum is divided by.
    `np.atleast_2d` makes one row out of it.

    es: Un vector se toma por un único ejemplo.

    Las filas son ejemplos: un vector de forma `(n,)` contiene n ejemplos de una salida, y la suma se divide entre n.
    `np.atleast_2d` lo convierte en una sola fila.
    """
    y_true, y_pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    difference = np.atleast_2d(y_pred - y_true)
    return np.sum(difference**2) / (2 * len(difference))


@misconception("half_mse")
def half_wraps_around(y_true, y_pred):
    """Unsigned integers are subtracted before they become floats.

    In `uint8`, 3 - 5 is 254, without a warning, and squares wrap around at 256 as well. Turn both arguments into floats
    first.

    es: Se restan enteros sin signo antes de convertirlos en flotantes.

    En `uint8`, 3 - 5 da 254, sin aviso, y también los cuadrados dan la vuelta en 256. Convierte primero los dos
    argumentos en flotantes.
    """
    difference = np.asarray(y_pred) - np.asarray(y_true)
    return np.sum(difference**2) / (2 * len(difference))


@misconception("half_mse")
def half_of_arrays_only(y_true, y_pred):
    """Lists are subtracted as if they were arrays.

    Python cannot subtract lists. Turn both arguments into arrays of floats first.

    es: Se restan listas como si fueran arreglos.

    Python no sabe restar listas. Convierte primero los dos argumentos en arreglos de flotantes.
    """
    difference = y_pred - y_true
    return np.sum(difference**2) / (2 * len(difference))


@misconception("half_mse")
def half_changes_its_argument(y_true, y_pred):
    """The predictions of the caller are changed.

    `y_pred -= ...` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. Give
    the difference a name of its own.

    es: Se modifican las predicciones de quien llama a la función.

    `y_pred -= ...` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. Dale un
    nombre propio a la diferencia.
    """
    y_pred = np.asarray(y_pred, dtype=float)
    y_pred -= np.asarray(y_true, dtype=float)
    return np.sum(y_pred**2) / (2 * len(y_pred))
