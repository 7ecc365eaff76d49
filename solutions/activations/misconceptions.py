"""Known wrong answers to `activations`, one mistake each; the docstring is what the student reads."""

from __future__ import annotations

import numpy as np

from autograder.grading import misconception


@misconception("step")
def strict_at_zero(z):
    """The step comes after 0 instead of at 0.

    `step(0)` is 1: the comparison includes equality.

    es: El escalón llega después del 0, no en el 0.

    `step(0)` es 1: la comparación incluye la igualdad.
    """
    return np.where(np.asarray(z, dtype=float) > 0, 1.0, 0.0)


@misconception("step")
def minus_one_below(z):
    """Below 0 the result is -1.

    That is the sign function. The step says all or nothing, 1 or 0.

    es: Por debajo de 0 el resultado es -1.

    Esa es la función signo. El escalón dice todo o nada, 1 o 0.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, -1.0)


@misconception("step")
def whole_numbers(z):
    """The result holds whole numbers instead of floats.

    `np.where(..., 1, 0)` gives integers, and what a layer writes into such an array is cut down. Use 1.0 and 0.0.

    es: El resultado contiene enteros en vez de flotantes.

    `np.where(..., 1, 0)` da enteros, y lo que una capa escriba en un arreglo así se recorta. Usa 1.0 y 0.0.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1, 0)


@misconception("step")
def truth_values(z):
    """The result holds True and False instead of 1.0 and 0.0.

    A comparison gives truth values. Turn them into floats, or let `np.where` choose between 1.0 and 0.0.

    es: El resultado contiene True y False en vez de 1.0 y 0.0.

    Una comparación da valores de verdad. Conviértelos en flotantes, o deja que `np.where` elija entre 1.0 y 0.0.
    """
    return np.asarray(z, dtype=float) >= 0


@misconception("step")
def if_for_a_whole_array(z):
    """An `if` is asked to decide for a whole array.

    `if z >= 0` needs one answer, and an array gives one per entry. `np.where` chooses entry by entry.

    es: Un `if` debe decidir por un arreglo entero.

    `if z >= 0` necesita una sola respuesta, y un arreglo da una por entrada. `np.where` elige entrada por entrada.
    """
    if z >= 0:
        return 1.0
    return 0.0


@misconception("sign")
def zero_below(z):
    """Below 0 the result is 0.

    That is the step. The sign of a negative number is -1.

    es: Por debajo de 0 el resultado es 0.

    Ese es el escalón. El signo de un número negativo es -1.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, 0.0)


@misconception("sign")
def divided_by_magnitude(z):
    """At 0 the result is nan.

    `z / abs(z)` is 0 / 0 there. Compare instead of dividing.

    es: En 0 el resultado es nan.

    `z / abs(z)` es 0 / 0 ahí. Compara en vez de dividir.
    """
    z = np.asarray(z, dtype=float)
    return z / np.abs(z)


@misconception("sign")
def sign_of_whole_numbers(z):
    """Whole numbers in, whole numbers out.

    `np.sign` keeps the dtype of its input: turn `z` into floats first.

    es: Si entran enteros, salen enteros.

    `np.sign` conserva el dtype de su entrada: convierte primero `z` en flotantes.
    """
    return np.sign(z)


@misconception("sigmoid")
def exponent_without_minus(z):
    """The exponent lacks its minus sign: the curve falls instead of rising.

    A large input should give nearly 1, so its exponential must be nearly 0.

    es: Al exponente le falta el signo menos: la curva baja en vez de subir.

    Una entrada grande debería dar casi 1, y para eso su exponencial tiene que ser casi 0.
    """
    z = np.asarray(z, dtype=float)
    return 1.0 / (1.0 + np.exp(z))


@misconception("sigmoid")
def parentheses_left_out(z):
    """Parentheses are missing in the denominator.

    `1 / 1 + np.exp(-z)` divides first and adds afterwards; the results are above 1.

    es: Faltan los paréntesis del denominador.

    `1 / 1 + np.exp(-z)` divide primero y suma después; los resultados superan 1.
    """
    z = np.asarray(z, dtype=float)
    return 1.0 / 1.0 + np.exp(-z)


@misconception("sigmoid")
def fraction_overflows(z):
    """Large inputs give nan: both parts of the fraction overflow.

    `exp(z) / (1 + exp(z))` is inf / inf from 710 on. Give `exp` only numbers that are not positive.

    es: Las entradas grandes dan nan: se desbordan las dos partes de la fracción.

    `exp(z) / (1 + exp(z))` es inf / inf desde 710. Dale a `exp` solo números que no sean positivos.
    """
    z = np.asarray(z, dtype=float)
    return np.exp(z) / (1.0 + np.exp(z))


@misconception("sigmoid")
def softmax_taken(z):
    """The inputs compete with each other: this is softmax.

    The sigmoid looks at each number on its own; its results need not add up to 1.

    es: Las entradas compiten entre sí: esto es softmax.

    La sigmoide mira cada número por separado; sus resultados no tienen por qué sumar 1.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@misconception("sigmoid")
def one_number_at_a_time(z):
    """A function for single numbers is given a whole array.

    `math.exp` takes one number, and beyond 709 it raises OverflowError; `np.exp` takes arrays of any shape.

    es: Se le da un arreglo entero a una función para números sueltos.

    `math.exp` recibe un solo número, y más allá de 709 lanza OverflowError; `np.exp` recibe arreglos de cualquier
    forma.
    """
    import math

    return 1.0 / (1.0 + math.exp(-z))


@misconception("sigmoid")
def input_not_converted(z):
    """The input is used as it comes, without turning it into floats.

    A list has no minus sign, and in unsigned integers -1 is 255. Begin with `np.asarray(z, dtype=float)`.

    es: La entrada se usa tal como llega, sin convertirla en flotantes.

    A una lista no se le puede poner el signo menos, y en enteros sin signo -1 es 255. Empieza con `np.asarray(z,
    dtype=float)`.
    """
    return 1.0 / (1.0 + np.exp(-z))


@misconception("d_sigmoid")
def input_taken_for_output(z):
    """z (1 - z) is computed: the input is taken for the output.

    The rule f (1 - f) speaks of f, the sigmoid *of* z. Here z itself is given.

    es: Se calcula z (1 - z): la entrada se toma por la salida.

    La regla f (1 - f) habla de f, la sigmoide *de* z. Aquí se recibe z misma.
    """
    z = np.asarray(z, dtype=float)
    return z * (1.0 - z)


@misconception("d_sigmoid")
def sigmoid_taken_twice(z):
    """The sigmoid is taken twice before the rule is applied.

    f (1 - f) needs f = sigmoid(z), one sigmoid only.

    es: La sigmoide se aplica dos veces antes de usar la regla.

    f (1 - f) necesita f = sigmoid(z), una sola sigmoide.
    """
    f = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))
    f = 0.5 * (1.0 + np.tanh(0.5 * f))
    return f * (1.0 - f)


@misconception("d_sigmoid")
def slope_turned(z):
    """The slope has the wrong sign.

    The sigmoid rises everywhere, so its slope is never negative: f (1 - f), not f (f - 1).

    es: La pendiente tiene el signo contrario.

    La sigmoide sube en todas partes, y su pendiente nunca es negativa: f (1 - f), no f (f - 1).
    """
    f = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))
    return f * (f - 1.0)


@misconception("d_sigmoid")
def second_factor_alone(z):
    """Only one factor of f (1 - f) is there.

    1 - f is not a slope: far to the left it is 1, where the curve is flat.

    es: Solo está un factor de f (1 - f).

    1 - f no es una pendiente: lejos a la izquierda vale 1, donde la curva es plana.
    """
    f = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))
    return 1.0 - f


@misconception("d_sigmoid")
def quotient_overflows(z):
    """Far to the left the slope is nan.

    `exp(-z) / (1 + exp(-z))**2` is inf / inf there. f (1 - f) has no such quotient.

    es: Lejos a la izquierda la pendiente es nan.

    `exp(-z) / (1 + exp(-z))**2` es inf / inf ahí. f (1 - f) no tiene ese cociente.
    """
    z = np.asarray(z, dtype=float)
    return np.exp(-z) / (1.0 + np.exp(-z)) ** 2


@misconception("tanh")
def sigmoid_stretched(z):
    """2 sigmoid(z) - 1 is computed, as some slides say: the curve is half as steep.

    Stretching the outputs is half of it: the input is doubled as well, 2 sigmoid(2z) - 1.

    es: Se calcula 2 sigmoid(z) - 1, como dicen algunas diapositivas: la curva tiene la mitad de pendiente.

    Estirar las salidas es la mitad del asunto: también se duplica la entrada, 2 sigmoid(2z) - 1.
    """
    f = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))
    return 2.0 * f - 1.0


@misconception("tanh")
def sigmoid_forgotten(z):
    """2z - 1 is computed: the sigmoid is missing.

    A straight line is no activation, and tanh stays between -1 and 1.

    es: Se calcula 2z - 1: falta la sigmoide.

    Una recta no es una activación, y tanh se queda entre -1 y 1.
    """
    z = np.asarray(z, dtype=float)
    return 2.0 * z - 1.0


@misconception("tanh")
def both_exponentials_overflow(z):
    """Large inputs give nan: both parts of the fraction overflow.

    (exp(z) - exp(-z)) / (exp(z) + exp(-z)) is inf / inf in both tails. `np.tanh` is not.

    es: Las entradas grandes dan nan: se desbordan las dos partes de la fracción.

    (exp(z) - exp(-z)) / (exp(z) + exp(-z)) es inf / inf en ambas colas. `np.tanh` no.
    """
    z = np.asarray(z, dtype=float)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@misconception("d_tanh")
def square_of_the_input(z):
    """1 - z squared is computed: the input is taken for the output.

    The rule 1 - f squared speaks of f, the tanh *of* z. Here z itself is given.

    es: Se calcula 1 - z al cuadrado: la entrada se toma por la salida.

    La regla 1 - f al cuadrado habla de f, la tanh *de* z. Aquí se recibe z misma.
    """
    z = np.asarray(z, dtype=float)
    return 1.0 - z**2


@misconception("d_tanh")
def tanh_not_squared(z):
    """The square is missing: 1 - tanh(z).

    At -5 that would be a slope of nearly 2, where the curve is flat.

    es: Falta el cuadrado: 1 - tanh(z).

    En -5 eso daría una pendiente de casi 2, donde la curva es plana.
    """
    return 1.0 - np.tanh(np.asarray(z, dtype=float))


@misconception("d_tanh")
def rule_of_the_sigmoid(z):
    """The sigmoid's rule f (1 - f) is used for tanh.

    Each activation has its own: for tanh it is 1 - f squared.

    es: Se usa para tanh la regla de la sigmoide, f (1 - f).

    Cada activación tiene la suya: para tanh es 1 - f al cuadrado.
    """
    f = np.tanh(np.asarray(z, dtype=float))
    return f * (1.0 - f)


@misconception("relu")
def if_decides_for_all(z):
    """An `if` is asked to decide for a whole array.

    `if z <= 0` needs one answer, and an array gives one per entry. `np.maximum` compares entry by entry.

    es: Un `if` debe decidir por un arreglo entero.

    `if z <= 0` necesita una sola respuesta, y un arreglo da una por entrada. `np.maximum` compara entrada por entrada.
    """
    if z <= 0:
        return 0.0
    return z


@misconception("relu")
def written_in_place(z):
    """The negative numbers of the caller are overwritten.

    `z[z < 0] = 0` writes into the array that was passed in, and `np.asarray` makes no copy of an array of floats. The
    derivative will need those numbers.

    es: Se sobrescriben los números negativos de quien llama a la función.

    `z[z < 0] = 0` escribe en el arreglo que se recibió, y `np.asarray` no copia un arreglo de flotantes. La derivada
    necesitará esos números.
    """
    z = np.asarray(z, dtype=float)
    z[z < 0] = 0.0
    return z


@misconception("relu")
def keeps_integers(z):
    """Whole numbers in, whole numbers out.

    `np.maximum(0, z)` keeps the dtype of its input: turn `z` into floats first.

    es: Si entran enteros, salen enteros.

    `np.maximum(0, z)` conserva el dtype de su entrada: convierte primero `z` en flotantes.
    """
    return np.maximum(0, z)


@misconception("relu")
def absolute_value(z):
    """Negative numbers come out positive.

    That is the absolute value. ReLU gives 0 for them.

    es: Los números negativos salen positivos.

    Ese es el valor absoluto. ReLU les da 0.
    """
    return np.abs(np.asarray(z, dtype=float))


@misconception("relu")
def one_maximum_for_all(z):
    """One single maximum of the whole array is returned.

    `np.max` looks for the largest entry. `np.maximum` compares two arrays entry by entry.

    es: Se devuelve un único máximo de todo el arreglo.

    `np.max` busca la entrada mayor. `np.maximum` compara dos arreglos entrada por entrada.
    """
    return float(max(0.0, np.max(np.asarray(z, dtype=float))))


@misconception("d_relu")
def relu_again(z):
    """The result is ReLU itself, not its slope.

    To the right ReLU is the line z, and the slope of that line is 1 everywhere.

    es: El resultado es ReLU misma, no su pendiente.

    A la derecha ReLU es la recta z, y la pendiente de esa recta es 1 en todas partes.
    """
    return np.maximum(np.asarray(z, dtype=float), 0.0)


@misconception("d_relu")
def slope_as_truth_value(z):
    """The slopes are True and False instead of 1.0 and 0.0.

    A comparison gives truth values. Turn them into floats.

    es: Las pendientes son True y False en vez de 1.0 y 0.0.

    Una comparación da valores de verdad. Conviértelos en flotantes.
    """
    return np.asarray(z, dtype=float) > 0


@misconception("d_relu")
def minus_one_to_the_left(z):
    """To the left the slope is -1.

    That is the slope of the absolute value. ReLU is flat there.

    es: A la izquierda la pendiente es -1.

    Esa es la pendiente del valor absoluto. ReLU es plana ahí.
    """
    return np.where(np.asarray(z, dtype=float) > 0, 1.0, -1.0)


@misconception("leaky_relu")
def larger_of_both(z, alpha):
    """max(alpha z, z) is used, which is wrong for alpha above 1.

    Below 0 the larger of both is then z, not alpha z. Decide by the sign of z, as the definition does.

    es: Se usa max(alpha z, z), que falla con alpha mayor que 1.

    Por debajo de 0 el mayor de los dos es entonces z, no alpha z. Decide según el signo de z, como la definición.
    """
    z = np.asarray(z, dtype=float)
    return np.maximum(alpha * z, z)


@misconception("leaky_relu")
def alpha_on_the_wrong_side(z, alpha):
    """alpha multiplies the positive numbers.

    What is positive passes unchanged; the leak is below 0.

    es: alpha multiplica a los números positivos.

    Lo positivo pasa sin cambio; la fuga está por debajo de 0.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, alpha * z, z)


@misconception("leaky_relu")
def alpha_ignored(z, alpha):
    """The slope below 0 is always 0.01, whatever alpha is.

    0.01 is a common choice; your function is told which one to use.

    es: La pendiente por debajo de 0 siempre es 0.01, sea cual sea alpha.

    0.01 es una elección común; a tu función se le dice cuál usar.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, 0.01 * z)


@misconception("leaky_relu")
def alpha_instead_of_a_slope(z, alpha):
    """Below 0 the result is alpha itself.

    alpha is a slope there: it multiplies z.

    es: Por debajo de 0 el resultado es alpha misma.

    alpha es ahí una pendiente: multiplica a z.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha)


@misconception("d_leaky_relu")
def flat_below(z, alpha):
    """Below 0 the slope is 0.

    That is plain ReLU. The leaky one keeps the slope alpha there, and this is what it was invented for.

    es: Por debajo de 0 la pendiente es 0.

    Esa es ReLU a secas. Leaky ReLU conserva ahí la pendiente alpha, y para eso se inventó.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, 0.0)


@misconception("d_leaky_relu")
def value_below(z, alpha):
    """Below 0 the result is alpha z, the value instead of the slope.

    The slope of the line alpha z is alpha.

    es: Por debajo de 0 el resultado es alpha z, el valor en vez de la pendiente.

    La pendiente de la recta alpha z es alpha.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, alpha * z)


@misconception("d_leaky_relu")
def slopes_exchanged(z, alpha):
    """The two slopes are exchanged.

    Above 0 the slope is 1; alpha belongs below.

    es: Las dos pendientes están intercambiadas.

    Por encima de 0 la pendiente es 1; alpha va por debajo.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, alpha, 1.0)


@misconception("d_prelu_alpha")
def derived_by_z(z, alpha):
    """The derivative is taken by z, not by alpha.

    Hold z and move alpha: below 0 the value alpha z changes z times as much, and above 0 alpha does not occur at all.

    es: Se deriva respecto de z, no de alpha.

    Deja z quieta y mueve alpha: por debajo de 0 el valor alpha z cambia z veces eso, y por encima de 0 alpha ni
    aparece.
    """
    return np.where(np.asarray(z, dtype=float) >= 0, 1.0, float(alpha))


@misconception("d_prelu_alpha")
def not_limited_to_negatives(z, alpha):
    """The result is z on both sides.

    Above 0 the function does not depend on alpha, so the derivative is 0 there.

    es: El resultado es z a ambos lados.

    Por encima de 0 la función no depende de alpha, y la derivada ahí es 0.
    """
    return np.array(z, dtype=float)


@misconception("d_prelu_alpha")
def only_a_mask(z, alpha):
    """Below 0 the result is 1 instead of z.

    alpha is multiplied by z there, and so its derivative is z.

    es: Por debajo de 0 el resultado es 1 en vez de z.

    alpha se multiplica ahí por z, y por eso la derivada es z.
    """
    return np.where(np.asarray(z, dtype=float) < 0, 1.0, 0.0)


@misconception("d_prelu_alpha")
def minus_z(z, alpha):
    """Below 0 the result has the wrong sign.

    If alpha grows, alpha z becomes more negative for a negative z: the derivative is z, not its magnitude.

    es: Por debajo de 0 el resultado tiene el signo contrario.

    Si alpha crece, alpha z se vuelve más negativo para un z negativo: la derivada es z, no su magnitud.
    """
    return np.maximum(-np.asarray(z, dtype=float), 0.0)


@misconception("elu")
def alpha_left_out(z, alpha):
    """alpha is missing below 0.

    exp(z) - 1 is multiplied by alpha; only for alpha = 1 nobody notices.

    es: Falta alpha por debajo de 0.

    exp(z) - 1 se multiplica por alpha; solo con alpha = 1 no se nota.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, np.expm1(np.minimum(z, 0.0)))


@misconception("elu")
def one_not_subtracted(z, alpha):
    """The 1 is not subtracted below 0.

    alpha exp(z) jumps to alpha at 0. With the -1 both branches meet at 0.

    es: Falta restar el 1 por debajo de 0.

    alpha exp(z) salta a alpha en 0. Con el -1, las dos ramas se encuentran en 0.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)))


@misconception("elu")
def one_outside_the_product(z, alpha):
    """The 1 is subtracted after the multiplication by alpha.

    alpha exp(z) - 1 and alpha (exp(z) - 1) agree for alpha = 1 only. Mind the parentheses.

    es: El 1 se resta después de multiplicar por alpha.

    alpha exp(z) - 1 y alpha (exp(z) - 1) solo coinciden con alpha = 1. Atención a los paréntesis.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, alpha * np.exp(np.minimum(z, 0.0)) - 1.0)


@misconception("elu")
def masked_by_a_product(z, alpha):
    """Large inputs give nan: an infinite branch is multiplied by 0.

    `0 * inf` is `nan`. Let `np.where` pick a branch, or keep large numbers away from `exp`.

    es: Las entradas grandes dan nan: una rama infinita se multiplica por 0.

    `0 * inf` es `nan`. Deja que `np.where` elija una rama, o mantén los números grandes lejos de `exp`.
    """
    z = np.asarray(z, dtype=float)
    return z * (z >= 0) + alpha * (np.exp(z) - 1.0) * (z < 0)


@misconception("d_elu")
def slope_without_alpha(z, alpha):
    """alpha is missing in the slope below 0.

    The derivative of alpha (exp(z) - 1) is alpha exp(z): a constant factor stays.

    es: Falta alpha en la pendiente por debajo de 0.

    La derivada de alpha (exp(z) - 1) es alpha exp(z): un factor constante se queda.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, np.exp(np.minimum(z, 0.0)))


@misconception("d_elu")
def alpha_not_added(z, alpha):
    """Below 0 the result is ELU itself: alpha was not added.

    elu + alpha is alpha exp(z), the slope. ELU alone is negative there, and the curve does not fall.

    es: Por debajo de 0 el resultado es ELU misma: falta sumar alpha.

    elu + alpha es alpha exp(z), la pendiente. ELU sola es negativa ahí, y la curva no baja.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, alpha * np.expm1(np.minimum(z, 0.0)))


@misconception("d_elu")
def alpha_added_to_the_input(z, alpha):
    """Below 0 the result is z + alpha: the input is taken for the output.

    The rule f + alpha speaks of f, the ELU *of* z. Here z itself is given.

    es: Por debajo de 0 el resultado es z + alpha: la entrada se toma por la salida.

    La regla f + alpha habla de f, la ELU *de* z. Aquí se recibe z misma.
    """
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1.0, z + alpha)


@misconception("d_elu")
def slope_masked_by_a_product(z, alpha):
    """Large inputs give nan: an infinite branch is multiplied by 0.

    `0 * inf` is `nan`. Let `np.where` pick a branch, or keep large numbers away from `exp`.

    es: Las entradas grandes dan nan: una rama infinita se multiplica por 0.

    `0 * inf` es `nan`. Deja que `np.where` elija una rama, o mantén los números grandes lejos de `exp`.
    """
    z = np.asarray(z, dtype=float)
    return (z >= 0) + alpha * np.exp(z) * (z < 0)


@misconception("linear")
def intercept_left_out(z, a, c):
    """c is not added.

    az + c: without the intercept the line goes through 0.

    es: Falta sumar c.

    az + c: sin la ordenada al origen la recta pasa por 0.
    """
    return a * np.asarray(z, dtype=float)


@misconception("linear")
def intercept_multiplied_too(z, a, c):
    """c is added before the multiplication by a.

    a (z + c) is az + ac. Only z is multiplied.

    es: c se suma antes de multiplicar por a.

    a (z + c) es az + ac. Solo se multiplica z.
    """
    return a * (np.asarray(z, dtype=float) + c)


@misconception("d_linear")
def shape_lost(z, a, c):
    """The slope is one number, in place of one for each entry.

    `z` has a shape, and the derivative has the same, so that it can be multiplied entry by entry.

    es: La pendiente es un solo número, en vez de uno por entrada.

    `z` tiene una forma, y la derivada tiene la misma, para poder multiplicarla entrada por entrada.
    """
    return float(a)


@misconception("d_linear")
def cut_to_whole_numbers(z, a, c):
    """Whole inputs cut the slope down to a whole number.

    `np.full_like(z, a)` and `np.ones_like(z)` copy the dtype of `z` as well as its shape.

    es: Las entradas enteras recortan la pendiente a un entero.

    `np.full_like(z, a)` y `np.ones_like(z)` copian el dtype de `z` además de su forma.
    """
    return np.full_like(z, a)


@misconception("d_linear")
def value_instead_of_slope(z, a, c):
    """The value az + c is returned instead of the slope.

    The derivative of a straight line is the same number everywhere.

    es: Se devuelve el valor az + c en vez de la pendiente.

    La derivada de una recta es el mismo número en todas partes.
    """
    return a * np.asarray(z, dtype=float) + c


@misconception("maxout")
def biases_left_out(x, W1, b1, W2, b2):
    """The biases are not added.

    Each layer adds its own bias before the two are compared.

    es: Faltan los sesgos.

    Cada capa suma su propio sesgo antes de que se comparen las dos.
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return np.maximum(x @ W1, x @ W2)


@misconception("maxout")
def smaller_of_both(x, W1, b1, W2, b2):
    """The smaller of the two layers is taken.

    Maxout takes the larger: `np.maximum`.

    es: Se toma la menor de las dos capas.

    Maxout toma la mayor: `np.maximum`.
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return np.minimum(x @ W1 + b1, x @ W2 + b2)


@misconception("maxout")
def layers_added(x, W1, b1, W2, b2):
    """The two layers are added up.

    Two linear layers added are one linear layer again. The maximum is what makes the bend.

    es: Las dos capas se suman.

    Dos capas lineales sumadas vuelven a ser una capa lineal. El máximo es lo que hace el quiebre.
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return x @ W1 + b1 + x @ W2 + b2


@misconception("maxout")
def one_maximum_per_example(x, W1, b1, W2, b2):
    """One maximum is taken over all outputs of an example.

    Each output has its own two candidates; compare the layers entry by entry.

    es: Se toma un solo máximo entre todas las salidas de un ejemplo.

    Cada salida tiene sus propios dos candidatos; compara las capas entrada por entrada.
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    return np.max(np.concatenate([x @ W1 + b1, x @ W2 + b2], axis=1), axis=1)


@misconception("maxout")
def one_layer_for_the_whole_example(x, W1, b1, W2, b2):
    """One layer is chosen for all outputs of an example.

    The outputs are independent: in the same row one may come from the first layer and another from the second.

    es: Se elige una misma capa para todas las salidas de un ejemplo.

    Las salidas son independientes: en una misma fila, una puede venir de la primera capa y otra de la segunda.
    """
    x, W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in (x, W1, b1, W2, b2))
    first, second = x @ W1 + b1, x @ W2 + b2
    return np.where(first.sum(axis=1, keepdims=True) >= second.sum(axis=1, keepdims=True), first, second)
