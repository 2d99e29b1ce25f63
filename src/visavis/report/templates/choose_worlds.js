// Draws the worlds of verdict/worlds.py again, number for number: the same shares under any policy.
const drawing = (() => {
  // Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998): numbers from 0 to below 1, of 53 bits.
  function twister(seed) {
    const N = 624, M = 397, state = new Uint32Array(N);
    let at = N;
    state[0] = seed;
    for (let i = 1; i < N; i += 1) {
      const last = state[i - 1] ^ (state[i - 1] >>> 30);
      state[i] = Math.imul(1812433253, last) + i;
    }
    function word() {
      if (at === N) {
        for (let i = 0; i < N; i += 1) {
          const y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
          state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
        }
        at = 0;
      }
      let y = state[at];
      at += 1;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return (y ^ (y >>> 18)) >>> 0;
    }
    return () => {
      const high = word() >>> 5, low = word() >>> 6;
      return (high * 67108864 + low) / 9007199254740992;
    };
  }

  // The normal deviate of a share, to 16 figures (Wichura, 1988, algorithm AS 241), by polynomials
  // near the middle, in the tails and far out.
  const NEAR = [
    [3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3,
      1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
      3.3430575583588128105e4, 2.5090809287301226727e3],
    [1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
      2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
      5.2264952788528545610e3],
  ];
  const TAIL = [
    [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
      3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
      2.27238449892691845833e-2, 7.74545014278341407640e-4],
    [1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
      1.05075007164441684324e-9],
  ];
  const FAR = [
    [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
      2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
      2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
      2.04426310338993978564e-15],
  ];
  function quotient([above, below], x) {
    let over = 0, under = 0;
    for (let i = 7; i >= 0; i -= 1) {
      over = over * x + above[i];
      under = under * x + below[i];
    }
    return over / under;
  }
  function deviate(share) {
    const q = share - 0.5;
    if (Math.abs(q) <= 0.425) return q * quotient(NEAR, 0.180625 - q * q);
    const r = Math.sqrt(-Math.log(q < 0 ? share : 1 - share));
    const size = r <= 5 ? quotient(TAIL, r - 1.6) : quotient(FAR, r - 5);
    return q < 0 ? -size : size;
  }

  // First the shares for the weight, then a column of normals a candidate.
  function draw(seed, candidates, count, smallest) {
    const next = twister(seed), share = () => Math.max(next(), smallest);
    const shares = Float64Array.from({ length: count }, share);
    const normals = Array.from({ length: candidates },
      () => Float64Array.from({ length: count }, () => deviate(share())));
    return { shares, normals };
  }

  // Eigenvalues and axes (columns) of a symmetric matrix, by Jacobi's turns.
  function axesOf(matrix) {
    const n = matrix.length, a = matrix.map((row) => [...row]);
    const axes = matrix.map((_, i) => matrix.map((__, j) => Number(i === j)));
    for (let sweep = 0; sweep < 60; sweep += 1) {
      let off = 0;
      for (let p = 0; p < n; p += 1) {
        for (let q = p + 1; q < n; q += 1) {
          off = Math.max(off, Math.abs(a[p][q]));
          if (a[p][q] === 0) continue;
          const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
          const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
          const c = 1 / Math.hypot(t, 1), s = t * c;
          for (let k = 0; k < n; k += 1) {
            [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
          }
          for (let k = 0; k < n; k += 1) {
            [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
            [axes[k][p], axes[k][q]] =
              [c * axes[k][p] - s * axes[k][q], s * axes[k][p] + c * axes[k][q]];
          }
        }
      }
      if (off < 1e-300) break;
    }
    return { spread: a.map((row, i) => row[i]), axes };
  }

  // The symmetric root of the errors' covariance, from the variance of every gap.
  function root(squares, flat) {
    const n = squares.length, mean = (row) => row.reduce((sum, x) => sum + x, 0) / n;
    const rows = squares.map(mean), all = mean(rows);
    const { spread, axes } = axesOf(
      squares.map((row, i) => row.map((x, j) => -0.5 * (x - rows[i] - rows[j] + all))));
    const least = flat * Math.max(...spread);
    const lengths = spread.map((x) => (x > least ? Math.sqrt(Math.max(x, 0)) : 0));
    return squares.map((_, i) => squares.map((__, j) =>
      lengths.reduce((sum, length, k) => sum + axes[i][k] * length * axes[j][k], 0)));
  }

  return { draw, root };
})();
