package rank

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// lookedAt is how many sentences, the best at a first look, are read for words
// that may be the answer.
const lookedAt = 50

// farthest is how far behind the best a sentence counts as at most, so that
// none weighs nothing.
const farthest = 20

// wordFeatureNames are the features of a word that may be the answer, in the
// order of their values. A word that stands in several sentences has the mean
// of what it is in each, weighted by how well the sentence scores.
var wordFeatureNames = slices.Concat([]string{
	"mass", "near", "around", "articles", "elsewhere", "count", "rare", "unknown", "likeness", "name_likeness", "title", "beside_type",
	"after_term", "before_term", "full_name_who", "full_name_which", "measured", "sentence", "nearness", "aroundness", "two_words", "more_words", "lead",
}, shapesByKind())

// The shapes of a word. What shape answers which kind of question is learned. A
// capitalised word that begins a sentence has none.
const (
	shapeName = iota
	shapeFigure
	shapeCalendar
	shapePlain
	shapes
)

var shapeNames = [shapes]string{"name", "figure", "calendar", "plain"}

// askedKinds are the kinds of question that shapes are told apart by; all
// others are otherKind.
var askedKinds = [...]query.Kind{query.KindWho, query.KindWhere, query.KindWhen, query.KindHowMany, query.KindWhich}

const otherKind = "other"

// askedKind returns the name of a kind of question in the names of features.
func askedKind(k query.Kind) string {
	if slices.Contains(askedKinds[:], k) {
		return strings.ReplaceAll(string(k), " ", "_")
	}
	return otherKind
}

func shapesByKind() []string {
	var out []string
	for _, kind := range append(slices.Clone(askedKinds[:]), otherKind) {
		for _, shape := range shapeNames {
			out = append(out, askedKind(kind)+"_"+shape)
		}
	}
	return out
}

// candidate is a word that may be the answer.
type candidate struct {
	word   *words.Word
	values []float64 // as wordFeatureNames
	in     []int     // the sentences that hold it, among those looked at
	score  float64
	share  float64 // of all candidates' probability, 0 to 1
}

// occurrence is a candidate word where it stands in a sentence.
type occurrence struct {
	word         *words.Word
	near, around float64 // rarity of the question's words about it, fading within 3 and 8 words
	shape        [shapes]bool
	run          int // capitalised words in a row that it is one of
	typed        bool
	after        bool // right behind a word of the question
	before       bool
	measured     bool // has $ before it or % behind it
	titled       bool // its article's title holds it
	likeness     float64
}

// occurrences reads the words of s that may be an answer.
func (r *sentenceSet) occurrences(s *Sentence) []occurrence {
	var out []occurrence
	topic := r.articles[s.article.ID].topic
	runs := runsOf(s.view.Tokens)
	for i, t := range s.view.Tokens {
		if !r.asker.Fresh(t.Word) {
			continue
		}
		o := occurrence{word: t.Word, run: runs[i], titled: topic[t.Word], likeness: r.asker.TypeSimilarity(t.Word)}
		for j, u := range s.view.Tokens {
			if !r.asker.Known(u.Word) {
				continue
			}
			d, share := i-j, r.asker.Share(u.Word)
			o.near += share * math.Exp(-math.Abs(float64(d))/3)
			o.around += share * math.Exp(-math.Abs(float64(d))/8)
			o.after, o.before = o.after || d == 1, o.before || d == -1
			o.typed = o.typed || r.asker.Typed(u.Word) && d >= -2 && d <= 2
		}
		name := t.Cap && !t.Is(words.IsFigure)
		begins := s.view.Begins(i)
		o.shape = [shapes]bool{
			shapeName: name && !begins, shapeFigure: t.Is(words.IsFigure | words.IsQuantity), shapeCalendar: t.Is(words.IsMonth | words.IsWeekday),
			shapePlain: !name && !t.Is(words.IsFigure|words.IsQuantity|words.IsMonth|words.IsWeekday),
		}
		o.measured = t.Start > 0 && s.view.Text[t.Start-1] == '$' || t.End < len(s.view.Text) && s.view.Text[t.End] == '%'
		out = append(out, o)
	}
	return out
}

// runsOf returns for each token how many capitalised words in a row it is
// one of.
func runsOf(toks []words.Token) []int {
	out := make([]int, len(toks))
	for i := 0; i < len(toks); i++ {
		j := i
		for j < len(toks) && toks[j].Cap && !toks[j].Is(words.IsFigure|words.IsStop) && (j == i || toks[j].Start-toks[j-1].End <= 2) {
			j++
		}
		for k := i; k < j; k++ {
			out[k] = j - i
		}
		i = max(i, j-1)
	}
	return out
}

// candidateSum is a candidate in the making: the sums over its occurrences.
type candidateSum struct {
	*candidate
	mass, near, around float64
	likeness           float64            // to what is asked for
	sums               occurrenceSums     // weighted by the share of the sentence
	articles           map[string]float64 // its best sentence's share, by article
}

// occurrenceSums are the sums of what a candidate is where it occurs.
type occurrenceSums struct {
	titled, typed, after, before, named, measured, score, two, more, lead float64

	shape [shapes]float64
}

// candidates returns the words of the best sentences that may be an answer,
// with their features; first is what the sentences score at a first look.
func (r *sentenceSet) candidates(first []float64) []*candidate {
	order := make([]int, len(r.all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(first[b], first[a]) })
	order = order[:min(len(order), lookedAt)]
	if len(order) == 0 {
		return nil
	}
	top, total := first[order[0]], 0.0
	behind := func(i int) float64 { return max(first[i]-top, -farthest) }
	for _, i := range order {
		total += math.Exp(behind(i))
	}
	byWord := make(map[*words.Word]*candidateSum)
	var list []*candidateSum
	for _, i := range order {
		share := math.Exp(behind(i)) / total
		for _, o := range r.occur[i] {
			f := byWord[o.word]
			if f == nil {
				f = &candidateSum{candidate: &candidate{word: o.word}, likeness: o.likeness, articles: make(map[string]float64)}
				byWord[o.word] = f
				list = append(list, f)
			}
			f.add(r, i, o, share, behind(i))
		}
	}
	out := make([]*candidate, len(list))
	for i, f := range list {
		f.values = f.features(r)
		out[i] = f.candidate
	}
	return out
}

// add counts an occurrence in sentence i, which has a share of the
// probability of all.
func (f *candidateSum) add(r *sentenceSet, i int, o occurrence, share, score float64) {
	s := r.all[i]
	if n := len(f.in); n == 0 || f.in[n-1] != i {
		f.in = append(f.in, i)
	}
	f.mass += share
	f.near += share * o.near
	f.around += share * o.around
	f.articles[s.article.ID] = max(f.articles[s.article.ID], share)
	m := &f.sums
	m.titled += share * indicator(o.titled)
	m.typed += share * indicator(o.typed)
	m.after += share * indicator(o.after)
	m.before += share * indicator(o.before)
	m.named += share * indicator(o.run >= 2)
	m.measured += share * indicator(o.measured)
	m.score += share * score
	m.two += share * indicator(o.run == 2)
	m.more += share * indicator(o.run >= 3)
	m.lead += share * indicator(r.all[i].index < 3)
	for k, is := range o.shape {
		m.shape[k] += share * indicator(is)
	}
}

func (f *candidateSum) features(r *sentenceSet) []float64 {
	q := r.res.Question
	all, best := 0.0, 0.0
	for _, id := range r.order {
		all, best = all+f.articles[id], max(best, f.articles[id])
	}
	rare, known := 0.0, false
	if lexicon := r.lexicon; lexicon != nil {
		rare, known = lexicon.Weight(f.word.Text)
	}
	like, m := f.likeness, &f.sums
	mean := func(sum float64) float64 { return sum / f.mass }
	list := newFeatureList(wordFeatureNames)
	list.add("mass", math.Log(f.mass+1e-3))
	list.add("near", math.Log(f.near+1e-3))
	list.add("around", math.Log(f.around+1e-3))
	list.add("articles", math.Log(all+1e-3))
	list.add("elsewhere", math.Log(all-best+1e-2))
	list.add("count", math.Log(float64(len(f.in))))
	list.add("rare", rare)
	list.add("unknown", indicator(!known))
	list.add("likeness", like)
	list.add("name_likeness", like*mean(m.shape[shapeName]))
	list.add("title", mean(m.titled))
	list.add("beside_type", mean(m.typed))
	list.add("after_term", mean(m.after))
	list.add("before_term", mean(m.before))
	list.add("full_name_who", mean(m.named)*indicator(q.Kind == query.KindWho))
	list.add("full_name_which", mean(m.named)*indicator(q.Kind == query.KindWhich))
	list.add("measured", mean(m.measured)*indicator(q.Kind == query.KindHowMany))
	list.add("sentence", mean(m.score))
	list.add("nearness", f.near/f.mass)
	list.add("aroundness", f.around/f.mass)
	list.add("two_words", mean(m.two))
	list.add("more_words", mean(m.more))
	list.add("lead", mean(m.lead))
	kind := askedKind(q.Kind)
	for k := range shapes {
		list.add(kind+"_"+shapeNames[k], mean(m.shape[k]))
	}
	return list.values
}

// weigh gives each candidate its score and its share of the probability, and
// sorts them, the likeliest first.
func weigh(list []*candidate, weights map[string]float64) {
	if len(list) == 0 {
		return
	}
	top := math.Inf(-1)
	for _, c := range list {
		c.score = passagerank.Features{Names: wordFeatureNames, Values: c.values}.Score(weights)
		top = max(top, c.score)
	}
	total := 0.0
	for _, c := range list {
		c.score -= top
		c.share = math.Exp(c.score)
		total += c.share
	}
	for _, c := range list {
		c.share /= total
	}
	slices.SortStableFunc(list, func(a, b *candidate) int { return cmp.Compare(b.share, a.share) })
}

// leastScore is the score of a sentence's best candidate where it has none.
const leastScore = -8

// addCandidates adds what a sentence's candidates say of it, the last of
// sentenceFeatureNames, and returns its candidates.
func (f *featureList) addCandidates(occur []occurrence, byWord map[*words.Word]*candidate) []*candidate {
	var in []*candidate
	best, near, sum, score := 0.0, 0.0, 0.0, float64(leastScore)
	for _, o := range occur {
		c := byWord[o.word]
		if c == nil {
			continue
		}
		near = max(near, c.share*o.around)
		if slices.Contains(in, c) {
			continue
		}
		in = append(in, c)
		best, sum, score = max(best, c.share), sum+c.share, max(score, c.score)
	}
	n := float64(max(1, len(in)))
	f.add("word_best", math.Log(best+1e-4))
	f.add("word_near", math.Log(near+1e-4))
	f.add("word_sum", math.Log(sum+1e-3))
	f.add("word_score", score)
	f.add("word_density", math.Log(sum/n+1e-4))
	return in
}
