"""Trains the neural reader. Needs torch and numpy (Debian: python3-torch, python3-numpy, libopenblas0-pthread); see README.md.

  train.py pretrain OUT.pt --pairs PREFIX [--pairs PREFIX ...]      on questions with sentences, from inputs.go
  train.py tune     OUT.pt --from PRE.pt --natural PREFIX --pairs PREFIX [--without a,b,...]   on the real candidates
  train.py score    OUT.jsonl --net NET.pt [--net ...] --natural PREFIX [--only FILE]    the scores of the real candidates
  train.py export   OUT.bin --net NET.pt [--net ...] [--pairs PREFIX --check CHECK.gz]       the weights as Go reads them, with
                                                                                             inputs and logits for its test

The same seed and inputs give the same weights with one thread, unless --limit ends the run: then they depend on how fast it was."""
import argparse
import gzip
import json
import struct
import time

import numpy as np
import torch
import torch.nn as nn

from net import Inputs, Net, run, scores, vectors


def loss(net, sc, parts):
    """Mean over questions of the negative log of what the right sentences get of the softmax over all sentences and the null: the
    learned score of not being answered, which takes all where no sentence is right."""
    o, total = 0, 0
    for right in parts:
        s = sc[o:o + len(right)]
        o += len(right)
        z = torch.logsumexp(torch.cat([s, net.null]), 0)
        total = total + z - (torch.logsumexp(s[torch.from_numpy(right)], 0) if right.any() else net.null[0])
    return total / len(parts)


class Sampler:
    """Draws groups of a few sentences: the right ones, unless they are hidden, hard wrong ones and random wrong ones."""

    def __init__(self, inputs, rng, right=2, hard=4, random=3, hide=.15):
        self.inputs, self.rng, self.right, self.hard, self.random, self.hide = inputs, rng, right, hard, random, hide

    def draw(self, i, order=None):
        row, rng = self.inputs.rows[i], self.rng
        y = np.array(row['Right'], bool)
        lex = np.array(row['Lexical'] if order is None else order) + rng.rand(len(y)) * .15
        right = list(rng.permutation(np.nonzero(y)[0])[:self.right])
        wrong = [k for k in np.argsort(-lex) if not y[k]]
        if rng.rand() < self.hide:
            right = []
        keep = right + wrong[:self.hard]
        rest = wrong[self.hard:]
        keep += [rest[k] for k in rng.permutation(len(rest))[:self.random]]
        ranks, features, sentences = self.inputs.question(i)
        return (ranks, features, [sentences[k] for k in keep]), y[keep]


def steps(net, draws, epochs, rate, size, rng, decay, log=None, save=None, limit=1e9, caseless=.4, start=0.):
    """draws: the callables that draw a group. Adam with a linear warm-up and decay."""
    opt = torch.optim.Adam(net.parameters(), lr=rate, weight_decay=decay)
    total, step, t0, last = epochs * len(draws) / size, 0, time.time(), time.time()
    total_loss, n = 0., 0
    for epoch in range(epochs):
        order = rng.permutation(len(draws))
        for i in range(0, len(order), size):
            # The rate also falls with time, so that a run that is cut off by its limit ends with a small one.
            done = max(step / total, (time.time() - t0) / limit)
            if done >= 1:
                return
            for g in opt.param_groups:
                g['lr'] = rate * max(.02, 1 - done) * min(1, (step + 1) / 200)
            drawn = [draws[k]() for k in order[i:i + size]]
            drawn = [d for d in drawn if d[0][2] and len(d[0][0])]
            if not drawn:
                continue
            net.train()
            l = loss(net, run(net, [d[0] for d in drawn], caseless=rng.rand(len(drawn)) < caseless), [d[1] for d in drawn])
            opt.zero_grad()
            l.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.)
            opt.step()
            total_loss, n, step = total_loss + float(l), n + 1, step + 1
            if save and time.time() - last > 420:
                last = time.time()
                save()
            if log and n == 500:
                log('epoch %d step %d loss %.4f %.0f s' % (epoch, step, total_loss / n, time.time() - t0))
                total_loss, n = 0., 0


def first(inputs, all_scores):
    """Shares of the answerable questions with a right sentence at rank 1, 3 and 5, mean reciprocal rank, questions. all_scores
    is by question."""
    hits = []
    for i, s in all_scores.items():
        right = inputs.rows[i]['Right']
        if any(right):
            r = min(k for k, j in enumerate(np.argsort(-s, kind='stable')) if right[j])
            hits.append([r < 1, r < 3, r < 5, 1 / (r + 1)])
    return np.mean(hits, 0).round(3).tolist() + [len(hits)]


def natural_groups(inputs):
    return [inputs.question(i) for i in range(len(inputs))]


def load(path, args, drop=.15):
    state = torch.load(path)
    net = Net(args.table, h=state['p.weight'].shape[0], drop=drop)
    net.load_state_dict(state)
    return net


def pretrain(args):
    rng = np.random.RandomState(args.seed)
    net = Net(args.table, h=args.h)
    draws, valid = [], None
    for k, prefix in enumerate(args.pairs):
        inputs = Inputs(prefix)
        s = Sampler(inputs, rng)
        index = [i for i in range(len(inputs)) if k or i % 50]
        if not k:
            valid = inputs, [i for i in range(len(inputs)) if i % 50 == 0]
        draws += [lambda i=i, s=s: s.draw(i) for i in index]
    natural = Inputs(args.natural) if args.natural else None
    print(len(draws), 'groups', sum(p.numel() for p in net.parameters()), 'weights', flush=True)

    def report(text):
        print(text, time.strftime('%H:%M:%S'), flush=True)

    def check():
        torch.save(net.state_dict(), args.out)
        inputs, index = valid
        s = scores(net, [inputs.question(i) for i in index[::2]])
        h = np.mean([inputs.rows[i]['Right'][int(np.argmax(x))] for i, x in zip(index[::2], s)])
        report('checkpoint: pairs first %.3f' % h)
        if natural:
            some = [i for i in range(len(natural)) if any(natural.rows[i]['Right'])][::4]
            s = scores(net, [natural.question(i) for i in some])
            report('natural, every fourth: first %.3f' % np.mean([natural.rows[i]['Right'][int(np.argmax(x))] for i, x in zip(some, s)]))

    steps(net, draws, args.epochs, args.rate, args.batch, rng, 1e-6, report, check, args.limit)
    check()
    if natural:
        report('natural: %s' % first(natural, dict(enumerate(scores(net, natural_groups(natural))))))


def tune(args):
    """Tunes one net on all files, or one for each file in --without on the others."""
    natural = [Inputs(p) for p in args.natural.split(',')]
    before = [scores(load(args.start, args), natural_groups(inputs)) for inputs in natural]
    pairs = Inputs(args.pairs[0]) if args.pairs else None
    hits = []
    for without in args.without.split(',') if args.without else ['']:
        torch.manual_seed(args.seed)
        rng = np.random.RandomState(args.seed)
        net, draws = load(args.start, args, drop=args.drop), []
        for inputs, order in zip(natural, before):
            s = Sampler(inputs, rng, right=4, hard=args.hard, random=args.random, hide=args.hide)
            draws += [lambda i=i, s=s, o=order[i]: s.draw(i, o) for i in range(len(inputs)) if inputs.rows[i]['Set'] != without]
        if pairs:
            s = Sampler(pairs, rng, hard=8, random=6)
            draws += [lambda i=i, s=s: s.draw(int(i)) for i in rng.permutation(len(pairs))[:args.mixed]]
        steps(net, draws, args.epochs, args.rate, args.batch, rng, args.decay, caseless=.15)
        torch.save(net.state_dict(), args.out.replace('%', without))
        if without:
            inputs = natural[0]
            index = [i for i in range(len(inputs)) if inputs.rows[i]['Set'] == without]
            hits.append(first(inputs, dict(zip(index, scores(net, [inputs.question(i) for i in index])))))
            print(without, hits[-1], 'null %.2f' % float(net.null), flush=True)
    if hits:
        n = np.array([h[-1] for h in hits])
        print('all', (np.array(hits)[:, :-1] * n[:, None] / n.sum()).sum(0).round(3).tolist(), n.sum())


def score(args):
    inputs = Inputs(args.natural)
    index = [i for i in range(len(inputs)) if not args.only or inputs.rows[i]['Set'] == args.only]
    groups = [inputs.question(i) for i in index]
    nets = [load(path, args) for path in args.net]
    means = [sum(s) / len(nets) for s in zip(*(scores(n, groups) for n in nets))]
    before = scores(load(args.start, args), groups) if args.start else means
    null = sum(float(n.null) for n in nets) / len(nets)
    with open(args.out, 'w') as f:
        for i, s, pre in zip(index, means, before):
            row = inputs.rows[i]
            for place, x, y in zip(row.get('Sentences') or [], s, pre):
                f.write(json.dumps({'id': row['ID'], 'article': place['Article'], 'start': place['Start'], 'end': place['End'],
                                    'score': round(float(x), 5), 'pre': round(float(y), 5), 'null': round(null, 5)}) + '\n')


PARAMETERS = ['p.weight', 'p.bias', 'cq.weight', 'cq.bias', 'cs.weight', 'cs.bias', 'wa.weight', 'ab', 'wu.weight', 'wu.bias', 'kq.weight', 'kq.bias',
              'ks.weight', 'ks.bias', 'k2.weight', 'k2.bias', 'ku.weight', 'o1.weight', 'o1.bias', 'o2.weight', 'o2.bias', 'null']

ATTRIBUTION = 'Weights fitted on SQuAD question-sentence pairs (CC BY-SA 4.0), QAMR (MIT), SelQA and ClapNQ (Apache 2.0); they hold no ' \
    'text. See ATTRIBUTION.md.'


def export(args):
    states = [torch.load(path) for path in args.net]
    assert sorted(states[0]) == sorted(PARAMETERS)
    half = [{k: v.half() for k, v in s.items()} for s in states]
    attribution = ATTRIBUTION.encode()
    with open(args.out, 'wb') as f:
        f.write(b'VREADER\x01' + struct.pack('<4I', len(half), states[0]['p.weight'].shape[0], len(attribution), 0))
        for s in half:
            for name in PARAMETERS:
                f.write(s[name].numpy().astype('<f2').tobytes())
        f.write(attribution)
    if not args.check:
        return
    nets = []
    for s in half:
        net = Net(args.table, h=s['p.weight'].shape[0])
        net.load_state_dict({k: v.float() for k, v in s.items()})
        nets.append(net)
    inputs = Inputs(args.pairs[0])
    index = [i for i in range(0, len(inputs), len(inputs) // 60) if len(inputs.rows[i]['Lengths']) >= 8][:25]
    rng = np.random.RandomState(args.seed)
    hidden = lambda ranks: np.where(ranks < 0, ranks, rng.randint(0, 20000, len(ranks))).astype('<i4')  # so that no text is kept
    with gzip.GzipFile(args.check, 'wb', mtime=0) as f:
        for i in index:
            ranks, features, sentences = inputs.question(i)
            ranks, sentences = hidden(ranks), [(hidden(s[0]), *s[1:]) for s in sentences[:8]]
            logits = sum(scores(n, [(ranks, features, sentences)])[0] for n in nets) / len(nets)
            f.write(struct.pack('<2I', len(ranks), len(sentences)) + struct.pack('<%dI' % len(sentences), *[len(s[0]) for s in sentences]))
            for x in (ranks, features, *[x for s in sentences for x in s]):
                f.write(x.tobytes())
            f.write(logits.astype('<f4').tobytes())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('command', choices=['pretrain', 'tune', 'score', 'export'])
    p.add_argument('out')
    p.add_argument('--vectors', default='retrieval/embed/vectors.bin')
    p.add_argument('--pairs', action='append', default=[])
    p.add_argument('--natural')
    p.add_argument('--from', dest='start')
    p.add_argument('--net', action='append', default=[])
    p.add_argument('--without', help='files of the natural questions that are left out, one after the other; % in OUT stands for each')
    p.add_argument('--only')
    p.add_argument('--check')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--h', type=int, default=48)
    p.add_argument('--epochs', type=int, default=3)
    p.add_argument('--rate', type=float, default=2.5e-3)
    p.add_argument('--batch', type=int, default=24)
    p.add_argument('--limit', type=float, default=1e9, help='seconds')
    p.add_argument('--drop', type=float, default=.25)
    p.add_argument('--hide', type=float, default=.15)
    p.add_argument('--hard', type=int, default=12)
    p.add_argument('--random', type=int, default=6)
    p.add_argument('--mixed', type=int, default=200)
    p.add_argument('--decay', type=float, default=1e-4)
    args = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    args.table = vectors(args.vectors)
    {'pretrain': pretrain, 'tune': tune, 'score': score, 'export': export}[args.command](args)


main()
