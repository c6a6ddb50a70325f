"""The neural reader in torch: the same computation as answer/rank/reader in Go, and the reading of its inputs.

A compare-aggregate network (Wang and Jiang 2017) in the manner of decomposable attention (Parikh et al. 2016): the words of
question and sentence are encoded with their neighbours, each word is compared with the words of the other side that it attends to,
and what the comparisons show is pooled into one score."""
import json
import struct

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

QF, MF, SF, OF = 8, 7, 25, 15  # features of: a question's token, its match, a sentence's token, a pair
DIM = 100
INSIDE, FIRST = 5, 6  # the features of a sentence's token that tell its case


def vectors(path):
    """The centred unit vectors of the built-in word table, as Go's embed.AppendCentred gives them; the last two rows, for an
    unknown word and for padding, are zeros."""
    b = open(path, 'rb').read()
    count, dim, slots = struct.unpack_from('<3I', b, 8)
    o = 8 + 6 * 4 + 3 * 8 + 4 * dim + 4 * slots + 4 * (count + 1)
    rows = np.frombuffer(b, np.uint8, count * (4 + dim), o).reshape(count, 4 + dim)
    v = rows[:, 4:].copy().view(np.int8).astype(np.float32) * rows[:, :4].copy().view('<f4')
    v -= v.astype(np.float64).mean(0).astype(np.float32)
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    return torch.tensor(np.concatenate([v, np.zeros((2, dim), np.float32)]))


class Net(nn.Module):
    def __init__(self, table, h=48, drop=.15):
        super().__init__()
        self.h, self.table, self.drop = h, table, drop
        self.p = nn.Linear(DIM, h)
        self.cq = nn.Linear(3 * (h + QF), h)
        self.cs = nn.Linear(3 * (h + SF), h)
        self.wa = nn.Linear(h, h, bias=False)
        self.ab = nn.Parameter(torch.tensor([4., 4.]))
        self.wu = nn.Linear(3 * h, h)
        self.kq = nn.Linear(3 * h + QF + MF, h)
        self.ks = nn.Linear(3 * h + SF, h)
        self.k2 = nn.Linear(3 * h, h)
        self.ku = nn.Linear(h, h, bias=False)
        self.o1 = nn.Linear(5 * h + OF, h)
        self.o2 = nn.Linear(h, 1)
        self.null = nn.Parameter(torch.zeros(1))

    def mask(self, n):
        """Dropout of whole channels, the same for all tokens of a sentence: cheaper than one of each value, and as good."""
        if not self.training or not self.drop:
            return 1.
        return (torch.rand(n, 1, self.h) >= self.drop).float() / (1 - self.drop)

    @staticmethod
    def window(layer, parts):
        """layer over each token of the concatenated parts, with the one before and the one after it: computed as three layers
        whose outputs are shifted, which is the same and spares copies."""
        h, d = layer.weight.shape[0], layer.weight.shape[1] // 3
        w, y, at = layer.weight.view(h, 3, d).transpose(0, 1).reshape(3 * h, d), 0, 0
        for x in parts:
            y = y + F.linear(x, w[:, at:at + x.shape[2]])
            at += x.shape[2]
        y0, y1, y2 = y[:, :, :h], y[:, :, h:2 * h], y[:, :, 2 * h:]
        out = y1 + layer.bias
        return out + F.pad(y0[:, :-1], (0, 0, 1, 0)) + F.pad(y2[:, 1:], (0, 0, 0, 1))

    def forward(self, b):
        """b: the arrays of batch(). One score for each sentence."""
        mq, ms = b['mq'], b['ms']  # masks: questions x tokens x 1, sentences x tokens x 1
        of, h = b['of'], self.h  # the question of each sentence
        eq = torch.tanh(self.p(self.table[b['qr']])) * mq
        es = torch.tanh(self.p(self.table[b['sr']])) * ms
        hq = F.relu(self.window(self.cq, (eq, b['qf']))) * mq
        hs = F.relu(self.window(self.cs, (es, b['sf']))) * ms
        w = b['qf'][:, :, 0:1] * mq
        u = F.relu(self.wu(torch.cat([(hq * w).sum(1) / (w.sum(1) + .1), hq.max(1)[0], hq[:, 0]], 1)))
        kq, ks, d = self.kq.weight, self.ks.weight, self.mask(len(of))
        own = F.linear(hq, kq[:, :h], self.kq.bias) + F.linear(b['qf'], kq[:, 3 * h:3 * h + QF])
        hw, hq, own, mqs, w = (self.wa(hq) / 7)[of], hq[of], own[of], mq[of], w[of]
        a = torch.bmm(hw, hs.transpose(1, 2)) + self.ab[0] * b['rel'] + self.ab[1] * b['cos']
        al = torch.bmm(torch.softmax(a + (ms.transpose(1, 2) - 1) * 1e4, 2), hs)
        be = torch.bmm(torch.softmax(a + (mqs - 1) * 1e4, 1).transpose(1, 2), hq)
        cq = F.relu(own + F.linear(hq * al * d, kq[:, h:2 * h]) + F.linear((hq - al).abs(), kq[:, 2 * h:3 * h]) +
                    F.linear(b['qm'], kq[:, 3 * h + QF:])) * mqs
        cs = F.relu(F.linear(hs, ks[:, :h], self.ks.bias) + F.linear(hs * be * d, ks[:, h:2 * h]) +
                    F.linear((hs - be).abs(), ks[:, 2 * h:3 * h]) + F.linear(b['sf'], ks[:, 3 * h:])) * ms
        c2 = F.relu(self.window(self.k2, (cs,)) + self.ku(u)[of][:, None]) * ms
        o = torch.cat([(cq * w).sum(1) / (w.sum(1) + .1), cq.max(1)[0], cs.sum(1) / (ms.sum(1) + 1), cs.max(1)[0], c2.max(1)[0], b['o']], 1)
        o = F.dropout(o, self.drop, self.training)
        return self.o2(F.dropout(F.relu(self.o1(o)), self.drop, self.training))[:, 0]


class Inputs:
    """The questions of a file of inputs.go, read when they are asked for."""

    def __init__(self, prefix):
        self.rows = [json.loads(line) for line in open(prefix + '.jsonl')]
        self.data = np.fromfile(prefix + '.bin', np.uint8)
        self.cut = {}

    def __len__(self):
        return len(self.rows)

    def question(self, i):
        """ranks, features and sentences of question i; of each sentence ranks, features, matches, relations, cosines, overall."""
        if i in self.cut:
            return self.cut[i]
        r, at = self.rows[i], self.rows[i]['Offset']
        n = r['Question']

        def take(size, kind=np.uint8):
            nonlocal at
            out = self.data[at:at + size * np.dtype(kind).itemsize]
            at += len(out)
            return out.view(kind) if kind == np.uint8 else np.frombuffer(out.tobytes(), kind)

        ranks, features = take(n, np.dtype('<i4')), take(n * QF).reshape(n, QF)
        sentences = []
        for m in r['Lengths']:
            sentences.append((take(m, np.dtype('<i4')), take(m * SF).reshape(m, SF), take(n * MF).reshape(n, MF),
                              take(n * m).reshape(n, m), take(n * m).reshape(n, m), take(OF)))
        self.cut[i] = ranks, features, sentences
        return self.cut[i]


def batch(groups, caseless=None, blank=None):
    """groups: (ranks, features, sentences) each. Padded arrays as torch tensors, features from 0 to 1. caseless: the groups whose
    capitals are hidden; blank: the indexes of groups whose neighbours and titles are."""
    pairs = [(k, s) for k, g in enumerate(groups) for s in g[2]]
    nq, ns = max(1, max(len(g[0]) for g in groups)), max(1, max(len(s[0]) for _, s in pairs))
    g, p = len(groups), len(pairs)
    qr, qf, mq = np.full((g, nq), -1), np.zeros((g, nq, QF), np.float32), np.zeros((g, nq, 1), np.float32)
    sr, sf, ms = np.full((p, ns), -1), np.zeros((p, ns, SF), np.uint8), np.zeros((p, ns, 1), np.float32)
    qm, rel, cos = np.zeros((p, nq, MF), np.uint8), np.zeros((p, nq, ns), np.uint8), np.zeros((p, nq, ns), np.uint8)
    over = np.zeros((p, OF), np.uint8)
    for k, (r, f, _) in enumerate(groups):
        n = len(r)
        qr[k, :n], qf[k, :n], mq[k, :n] = r, f, 1
    for k, (_, s) in enumerate(pairs):
        m, n = len(s[0]), len(s[2])
        sr[k, :m], sf[k, :m], ms[k, :m], qm[k, :n], rel[k, :n, :m], cos[k, :n, :m], over[k] = s[0], s[1], 1, s[2], s[3], s[4], s[5]
    of = np.array([k for k, _ in pairs])
    if caseless is not None:
        hide = np.asarray(caseless, bool)[of]
        sf[hide, :, INSIDE] = 0
        sf[hide, :, FIRST] = 0
    f = lambda x: torch.from_numpy(x.astype(np.float32) / 255)
    return {'qr': torch.from_numpy(qr), 'qf': torch.from_numpy(qf / 255), 'mq': torch.from_numpy(mq), 'sr': torch.from_numpy(sr), 'sf': f(sf),
            'ms': torch.from_numpy(ms), 'qm': f(qm), 'rel': f(rel), 'cos': f(cos), 'o': f(over), 'of': torch.from_numpy(of)}


def run(net, groups, caseless=None, chunks=3):
    """The scores of all sentences of groups, one after the other. The sentences are computed in chunks of like length, since
    padding costs time."""
    flat = [(k, j) for k, g in enumerate(groups) for j in range(len(g[2]))]
    order = sorted(range(len(flat)), key=lambda x: len(groups[flat[x][0]][2][flat[x][1]][0]))
    out = []
    for part in np.array_split(order, min(chunks, len(order))):
        part = sorted(part)
        of = sorted({flat[x][0] for x in part})
        sub = [(groups[k][0], groups[k][1], [groups[k][2][flat[x][1]] for x in part if flat[x][0] == k]) for k in of]
        out.append((part, net(batch(sub, None if caseless is None else [caseless[k] for k in of]))))
    place = np.argsort(np.concatenate([p for p, _ in out]))
    return torch.cat([s for _, s in out])[torch.from_numpy(place)]


def scores(net, groups, size=6):
    """The scores of all sentences of groups, an array each."""
    net.eval()
    out = []
    with torch.no_grad():
        for i in range(0, len(groups), size):
            part = [g for g in groups[i:i + size] if g[2]]
            s = run(net, part).numpy() if part else None
            o = 0
            for g in groups[i:i + size]:
                out.append(s[o:o + len(g[2])] if g[2] else np.zeros(0, np.float32))
                o += len(g[2])
    return out
