#!/usr/bin/env python3
"""Fits the weights of sentences and the trees of answerability from dumps of `verbatim eval --dump`.

usage: rank.py OUT.json --base WEIGHTS.json --natural DUMP [DUMP ...] [--quiz DUMP] [--beside DUMP ...]

Sentences: a linear score, so that the right ones are the likeliest under a softmax over a question's candidates (listwise
maximum likelihood, Cao et al. 2007), on standardised features with an L2 penalty: for small collections on the natural questions, for
large ones on the quiz questions and the natural ones, a quiz question counting --quiz-weight. Answerability: boosted trees on features of the ranked sentences, whose scores come from weights that were
fitted without the question's file. Last, the trees' sum is calibrated on sums of trees fitted without the question's file
(Platt 1999), to the probability that one of the best five sentences holds an answer.

--beside are questions that answerability is fitted on too: put to articles of other stories, and over large collections.

With "{}" in OUT, weights are made for each file in turn, whose name stands for it: they have seen nothing of that file, and figures
are measured on it (`verbatim eval --weights`). Needs numpy, scikit-learn and xgboost.
"""
import argparse, base64, json
from pathlib import Path

import numpy as np
import xgboost
from sklearn.linear_model import LogisticRegression

ROUNDS, RATE, L2 = 150, .05, .02
KEPT = 40  # candidates of a question that are fitted on, beside the right ones
TREES, SEEDS = 200, 2
TREE = dict(objective='binary:logistic', eta=.04, max_depth=3, subsample=.7, colsample_bytree=.25, min_child_weight=4, nthread=1)
EVIDENCE = 5


class Question:
    def __init__(self, d, weight):
        s = d['sentences']
        n = len(s)
        self.id, self.file, self.kind, self.answerable, self.weight = d['id'], d['file'], d['kind'], d['answerable'], weight
        self.names = d['names']
        self.rows = np.frombuffer(base64.b64decode(d['features']), '<f4').reshape(n, -1).copy() if n else np.zeros((0, 0), np.float32)
        self.right = np.array([x['right'] for x in s], bool)
        self.has = np.array([x['has'] for x in s], bool)
        self.passages = {k: v for k, v in d['silence'].items() if k.startswith('passage_')}
        self.sure = d['sure']
        self.score = np.array([x['score'] for x in s])
        # fitted on: the best wrong ones and all right ones
        self.kept = self.right.copy()
        self.kept[np.argsort(-self.score, kind='stable')[:KEPT]] = True
        # the files that it was made of: of its articles and, if it is put to articles that it does not belong to, its own
        self.files = {self.file} | ({d['origin']} if d.get('origin') else set())

    def useful(self):
        return self.answerable and self.right.any() and not self.right.all()


def read(paths, weight):
    out = []
    for path in paths:
        for line in open(path, encoding='utf-8'):
            d = json.loads(line)
            out.append(Question(d, weight))
    return out


def fit_linear(questions, names, l2=L2, rounds=ROUNDS):
    """the weight of each feature, for features as they are."""
    useful = [q for q in questions if q.useful()]
    rows = np.concatenate([q.rows[q.kept] for q in useful])
    mean, dev = rows.mean(0), rows.std(0)
    dev[dev < 1e-6] = 1e9
    x = ((rows - mean) / dev).astype(np.float32)
    right = np.concatenate([q.right[q.kept] for q in useful])
    sizes = [q.kept.sum() for q in useful]
    of, start = np.repeat(np.arange(len(useful)), sizes), np.r_[0, np.cumsum(sizes)[:-1]]
    weight = np.array([q.weight for q in useful])
    w, m, v = np.zeros(x.shape[1]), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for k in range(1, rounds + 1):
        s = (x @ w.astype(np.float32)).astype(float)
        e = np.exp(s - np.maximum.reduceat(s, start)[of])
        d = e / np.add.reduceat(e, start)[of] - e * right / np.add.reduceat(e * right, start)[of]
        g = (x.T @ (d * weight[of]).astype(np.float32)).astype(float) / weight.sum() + l2 * w
        m, v = .9 * m + .1 * g, .999 * v + .001 * g * g
        w -= RATE * (m / (1 - .9 ** k)) / (np.sqrt(v / (1 - .999 ** k)) + 1e-8)
    return np.round(w / dev, 5)


def evidence(q, s, names, columns):
    """the features of answerability, as answer/rank/answerability.go computes them."""
    if len(s) == 0:
        return None
    order = np.argsort(-s, kind='stable')
    s, rows = s[order], q.rows[order]
    p = np.exp(s - s[0])
    p /= p.sum()
    behind = lambda k: s[0] - s[min(k, len(s) - 1)]
    out = {'top': s[0], 'gap1': behind(1), 'gap4': behind(4), 'gap9': behind(9), 'p1': p[0], 'p5': p[:EVIDENCE].sum(),
           'entropy': -(p * np.log(p + 1e-12)).sum(), 'spread': s.std(),
           'least_name_missing': rows[:, names.index('name_missing_anywhere')].min(), 'least_missing': rows[:, names.index('missing_anywhere')].min()}
    best, few = rows[:EVIDENCE][:, columns], p[:EVIDENCE] / p[:EVIDENCE].sum()
    mean, most = few @ best, best.max(0)
    for k, c in enumerate(columns):
        out[names[c] + '@1'], out[names[c] + '@w'], out[names[c] + '@m'] = best[0, k], mean[k], most[k]
    return out | q.passages


def evidence_columns(names):
    """the features of a sentence in answer/rank/answerability.go."""
    source = (Path(__file__).parents[3] / 'answer/rank/answerability.go').read_text()
    listed = source.split('var evidenceFeatureNames = [...]string{')[1].split('\n}')[0]
    return [names.index(n) for n in listed.replace('"', '').replace(',', ' ').split()]


def table(questions, scores, names, columns):
    found = [evidence(q, s, names, columns) for q, s in zip(questions, scores)]
    keys = list(next(f for f in found if f))
    return keys, np.array([[f[k] for k in keys] if f else [0] * len(keys) for f in found], np.float32)


def fit_trees(x, y, w):
    return [xgboost.train(dict(TREE, seed=seed), xgboost.DMatrix(x, label=y, weight=w), TREES) for seed in range(SEEDS)]


def margin(models, x):
    return sum(m.predict(xgboost.DMatrix(x), output_margin=True) for m in models) / len(models)


def tree_json(text, scale):
    """one tree of a dump as arrays; of a node that is no leaf, the other branch follows the one for yes."""
    feature, value, yes = [], [], []

    def add(node):
        feature.append(-1 if 'leaf' in node else int(node['split'][1:]))
        value.append(float(np.float32(node['leaf'] * scale)) if 'leaf' in node else float(np.float32(node['split_condition'])))
        yes.append(0)

    root = json.loads(text)
    add(root)
    queue = [(0, root)]
    while queue:
        at, node = queue.pop(0)
        if 'leaf' in node:
            continue
        children = {c['nodeid']: c for c in node['children']}
        yes[at] = len(feature)
        for child in (children[node['yes']], children[node['no']]):
            queue.append((len(feature), child))
            add(child)
    return {'feature': feature, 'value': [round(v, 7) for v in value], 'yes': yes}


class Linear:
    """linear fits, each made once for the files that are left out."""

    def __init__(self, natural, quiz):
        self.natural, self.quiz, self.fits = natural, quiz, {}
        self.large = None
        self.names = next(q.names for q in natural if q.names)

    def fit(self, without):
        without = frozenset(without)
        if without not in self.fits:
            self.fits[without] = fit_linear([q for q in self.natural if q.file not in without], self.names)
            print('linear fit without', ''.join(sorted(without)) or 'none', flush=True)
        return self.fits[without]

    def fit_large(self):
        """over quiz questions and natural ones."""
        if self.large is None and self.quiz:
            self.large = fit_linear(self.natural + self.quiz, self.names)
        return self.large

    def scores(self, questions, without):
        """of each question by a fit without its own file and those of without."""
        known = {q.file for q in self.natural}
        return [q.rows @ self.fit({q.file, *without}) if q.file in known and len(q.right) else q.score for q in questions]


def auc(yes, no):
    return ((yes[:, None] > no).sum() + .5 * (yes[:, None] == no).sum()) / max(1, len(yes) * len(no))


def within(kinds, p, yes):
    won = pairs = 0
    kinds = np.array(kinds)
    for k in set(kinds):
        a, b = p[yes & (kinds == k)], p[~yes & (kinds == k)]
        won, pairs = won + auc(a, b) * len(a) * len(b), pairs + len(a) * len(b)
    return won / pairs


def train(linear, beside, without, base):
    """weights that have seen nothing of the files of without."""
    natural = [q for q in linear.natural + beside if not q.files & without]
    names = linear.names
    scores = linear.scores(natural, without)
    keys, x = table(natural, scores, names, evidence_columns(names))
    y, w = np.array([q.answerable for q in natural], int), np.array([q.weight for q in natural])
    measured = np.array([q.weight == 1 for q in natural])
    sums = np.zeros(len(natural))
    for f in sorted({q.file for q, m in zip(natural, measured) if m}):
        seen = np.array([f not in q.files for q in natural])
        own = np.array([q.file == f for q in natural]) & measured
        sums[own] = margin(fit_trees(x[seen], y[seen], w[seen]), x[own])
    hit = np.array([len(s) > 0 and q.has[np.argsort(-s, kind='stable')[:EVIDENCE]].any() for q, s in zip(natural, scores)], int)
    calibration = LogisticRegression(C=1e6).fit(sums[measured, None], hit[measured])
    sure, yes = calibration.predict_proba(sums[measured, None])[:, 1], y[measured] == 1
    for k in (1, 3, 5):
        first = [q.has[np.argsort(-s, kind='stable')[:k]].any() for q, s, m in zip(natural, scores, measured) if m and q.answerable]
        print(f'sentence hit@{k} {np.mean(first):.3f}')
    print(f'auc {auc(sure[yes], sure[~yes]):.3f}, within kind {within([q.kind for q, m in zip(natural, measured) if m], sure, yes):.3f}')
    for share in (.5, .55, .6, .65, .7):
        t = np.quantile(sure[yes], 1 - share)
        print(f'threshold {t:.3f}: answered {share}, claimed {(sure[~yes] >= t).mean():.3f}')
    for share in (.02, .03, .04, .05):
        t = np.quantile(sure[yes], share)
        print(f'refuse {t:.3f}: denied {share}, refused {(sure[~yes] < t).mean():.3f}', flush=True)
    dumped = [t for m in fit_trees(x, y, w) for t in m.get_dump(dump_format='json')]
    out = dict(base)
    out.pop('silence', None)
    out['sentence'] = {n: float(v) for n, v in zip(names, linear.fit(without)) if v}
    if linear.quiz:
        out['sentence_large'] = {n: float(v) for n, v in zip(names, linear.fit_large()) if v}
    out['answerability'] = {'features': keys, 'trees': [tree_json(t, 1 / SEEDS) for t in dumped],
                            'slope': round(float(calibration.coef_[0, 0]), 5), 'shift': round(float(calibration.intercept_[0]), 5)}
    return out


def write(path, weights):
    """indented but for the trees, which stand one a line."""
    trees = [json.dumps(t, separators=(',', ':')) for t in weights['answerability'].pop('trees')]
    weights['answerability']['trees'] = 'TREES'
    text = json.dumps(weights, indent=2, sort_keys=True).replace('"TREES"', '[\n' + ',\n'.join(trees) + '\n]')
    Path(path).write_text(text + '\n')


if __name__ == '__main__':
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('out')
    a.add_argument('--base', required=True)
    a.add_argument('--natural', nargs='+', required=True)
    a.add_argument('--quiz', nargs='*', default=[])
    a.add_argument('--beside', nargs='*', default=[])
    a.add_argument('--beside-weight', type=float, default=.4)
    a.add_argument('--quiz-weight', type=float, default=2.)
    a = a.parse_args()
    linear = Linear(read(a.natural, 1.), [q for q in read(a.quiz, a.quiz_weight) if q.answerable])
    beside = read(a.beside, a.beside_weight)
    base = json.load(open(a.base))
    for name in (sorted({q.file for q in linear.natural}) if '{}' in a.out else ['']):
        write(a.out.replace('{}', name), train(linear, beside, {name} - {''}, base))
