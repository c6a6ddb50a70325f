package rank

import (
	"cmp"
	"math"
	"slices"

	"verbatim/answer/rank/align"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// The features of meaning say how well each content word of the question is
// matched in a sentence, in the sentences around it and in the title, by
// spelling, WordNet and word vectors, and whether something stands there that
// may be what is asked for. They follow the alignment features of answer
// sentence selection (Yih et al. 2013, Question Answering Using Enhanced
// Lexical Semantic Models), summed by the background rarity of the question's
// words.

// matched is the match from which a word counts as aligned, and sameWord that
// from which it counts as the same word.
const (
	matched  = .6
	sameWord = .8
)

// none is the value of a feature that the question gives no reason for.
const none = -.1

// far is the distance, in tokens, of what is nowhere.
const far = 30

// meaning computes the features of meaning of the sentences of a group.
type meaning struct {
	group  *align.Group
	slot   slot
	kind   query.Kind
	asked  askedWords
	idf    []float64 // of the content words
	total  float64
	name   []bool // of the content words
	number []bool
	facts  facts.Reader
}

func newMeaning(q *query.Question, g *align.Group) *meaning {
	m := &meaning{group: g, slot: slotOf(q), kind: q.Kind, asked: newAskedWords(g.Question)}
	for _, i := range g.Content {
		const least, ofName = .15, .8
		idf, name := float64(g.Question.Tokens[i].IDF)+least, slices.Contains(g.Names, i)
		if name {
			idf = max(idf, ofName)
		}
		m.idf, m.name = append(m.idf, idf), append(m.name, name)
		m.number = append(m.number, slices.Contains(g.Numbers, i))
		m.total += idf
	}
	return m
}

// best returns the best match in text of each content word.
func (m *meaning) best(matrix [][]float32, text *align.Text) []float64 {
	out := make([]float64, len(m.group.Content))
	for k, i := range m.group.Content {
		row := matrix[i]
		v := float32(0)
		for _, t := range text.Tokens {
			v = max(v, row[t.Index])
		}
		out[k] = float64(v)
	}
	return out
}

// either returns the greater of each two values.
func either(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = max(a[i], b[i])
	}
	return out
}

// share returns the mean of v by rarity.
func (m *meaning) share(v []float64) float64 {
	sum := 0.0
	for i, x := range v {
		sum += x * m.idf[i]
	}
	return sum / max(m.total, 1e-9)
}

// shareOf is share over the words for which in has the value is; none if
// there are no such words.
func (m *meaning) shareOf(v []float64, in []bool, is bool) float64 {
	sum, all := 0.0, 0.0
	for i, x := range v {
		if in[i] == is {
			sum, all = sum+x*m.idf[i], all+m.idf[i]
		}
	}
	if all == 0 {
		return none
	}
	return sum / all
}

// missing returns the greatest rarity that v leaves unmatched.
func (m *meaning) missing(v []float64) float64 {
	out := 0.0
	for i, x := range v {
		out = max(out, (1-x)*m.idf[i])
	}
	return out
}

// below counts the words of in that v matches less than half.
func below(v []float64, in []bool) float64 {
	n := 0.0
	for i, x := range v {
		n += indicator(in[i] && x < .5)
	}
	return n
}

func atLeast(v []float64, least float64) float64 {
	n := 0.0
	for _, x := range v {
		n += indicator(x >= least)
	}
	return n
}

// meaningNumber is about how many features of meaning there are.
const meaningNumber = 96

// features returns the features of meaning of a candidate whose sentence v
// shows.
func (m *meaning) features(c align.Texts, v words.View) passagerank.Features {
	f := passagerank.Features{Names: make([]string, 0, meaningNumber), Values: make([]float64, 0, meaningNumber)}
	g := m.group
	lexical, soft := m.best(g.Lexical, c.Sentence), m.best(g.Soft, c.Sentence)
	m.addMatches(&f, c, lexical, soft)
	at := m.aligned(c.Sentence)
	m.addOrder(&f, c.Sentence, at)
	read := m.facts.Read(v)
	m.addFillers(&f, c.Sentence, read, at)
	m.addShape(&f, c)
	f.Add("match_density", m.share(soft)/math.Log(3+float64(len(c.Sentence.Tokens))))
	return f
}

// addMatches adds how well the words of the question are matched.
func (m *meaning) addMatches(f *passagerank.Features, c align.Texts, lexical, soft []float64) {
	g := m.group
	lp, ln, lt := m.best(g.Lexical, c.Previous), m.best(g.Lexical, c.Next), m.best(g.Lexical, c.Title)
	sp, sn, st := m.best(g.Soft, c.Previous), m.best(g.Soft, c.Next), m.best(g.Soft, c.Title)
	related := either(lexical, m.best(g.Wordnet, c.Sentence))
	cosines := m.best(g.Cosine, c.Sentence)
	lexicalAll := either(either(lexical, lp), either(ln, lt))
	softAround := either(either(soft, sp), st)
	f.Add("lexical", m.share(lexical))
	f.Add("related", m.share(related))
	f.Add("soft", m.share(soft))
	f.Add("cosine", m.share(cosines))
	f.Add("lexical_previous", m.share(either(lexical, lp)))
	f.Add("lexical_next", m.share(either(lexical, ln)))
	f.Add("lexical_title", m.share(either(lexical, lt)))
	f.Add("lexical_all", m.share(lexicalAll))
	f.Add("soft_previous", m.share(either(soft, sp)))
	f.Add("soft_next", m.share(either(soft, sn)))
	f.Add("soft_title", m.share(either(soft, st)))
	f.Add("soft_all", m.share(either(softAround, sn)))
	f.Add("soft_around", m.share(softAround))
	f.Add("previous_alone", m.share(lp))
	f.Add("next_alone", m.share(ln))
	f.Add("missing_soft", m.missing(soft))
	f.Add("missing_around", m.missing(softAround))
	f.Add("missing_anywhere", m.missing(lexicalAll))
	f.Add("aligned", atLeast(soft, matched))
	f.Add("aligned_lexical", atLeast(lexical, sameWord))
	f.Add("aligned_share", atLeast(soft, matched)/float64(max(1, len(soft))))
	inContext := either(lp, either(lexical, lt))
	f.Add("name_in", m.meanOf(lexical, m.name))
	f.Add("name_context", m.meanOf(inContext, m.name))
	f.Add("name_missing", below(inContext, m.name))
	f.Add("name_missing_anywhere", below(lexicalAll, m.name))
	f.Add("other_in", m.shareOf(soft, m.name, false))
	f.Add("other_lexical", m.shareOf(lexical, m.name, false))
	f.Add("other_related", m.shareOf(related, m.name, false))
	f.Add("other_context", m.shareOf(softAround, m.name, false))
	least, most := m.extremes(soft)
	f.Add("other_least", least)
	f.Add("other_most", most)
	f.Add("number_missing", below(lexicalAll, m.number))
	f.Add("number_in", m.meanOf(lexical, m.number))
	f.Add("antonym", indicator(m.antonym(c.Sentence)))
	focus, focusLexical := none, none
	if g.Focus >= 0 {
		k := slices.Index(g.Content, g.Focus)
		focus, focusLexical = soft[k], lexical[k]
	}
	f.Add("focus", focus)
	f.Add("focus_lexical", focusLexical)
}

// meanOf returns the mean of v over the words of in, none if there are none.
func (m *meaning) meanOf(v []float64, in []bool) float64 {
	sum, n := 0.0, 0.0
	for i, x := range v {
		if in[i] {
			sum, n = sum+x, n+1
		}
	}
	if n == 0 {
		return none
	}
	return sum / n
}

// extremes returns the least and the greatest match of a word that is not a name.
func (m *meaning) extremes(v []float64) (least, most float64) {
	least, most = 2, none
	for i, x := range v {
		if !m.name[i] {
			least, most = min(least, x), max(most, x)
		}
	}
	if least > 1 {
		least = none
	}
	return least, most
}

// antonym reports whether text holds the opposite of a word of the question.
func (m *meaning) antonym(text *align.Text) bool {
	for _, i := range m.group.Content {
		for _, t := range text.Tokens {
			if m.group.Wordnet[i][t.Index] < 0 {
				return true
			}
		}
	}
	return false
}

// place is where a content word of the question is matched in a sentence.
type place struct{ token, word int }

// aligned returns where the content words are matched best, for those that
// are, in the order of the question.
func (m *meaning) aligned(text *align.Text) []place {
	var out []place
	for k, i := range m.group.Content {
		best, at := float32(matched), -1
		for j, t := range text.Tokens {
			if v := m.group.Soft[i][t.Index]; v > best || v == best && at < 0 {
				best, at = v, j
			}
		}
		if at >= 0 {
			out = append(out, place{at, k})
		}
	}
	return out
}

// addOrder adds whether the aligned words stand together and in the order of
// the question.
func (m *meaning) addOrder(f *passagerank.Features, text *align.Text, at []place) {
	order, window, adjacent := .5, float64(far)/2, 0.0
	if n := len(at); n >= 2 {
		p := slices.Clone(at)
		slices.SortStableFunc(p, func(a, b place) int { return cmp.Compare(a.token, b.token) })
		kept := 0.0
		for i := range p {
			for j := i + 1; j < n; j++ {
				kept += indicator(p[i].word < p[j].word)
			}
		}
		order, window = kept/float64(n*(n-1)/2), float64(p[n-1].token-p[0].token)/float64(n-1)
		for i := 1; i < n; i++ {
			gap := at[i].token - at[i-1].token
			adjacent += indicator(at[i].word == at[i-1].word+1 && (gap == 1 || gap == 2))
		}
		adjacent /= float64(max(1, len(m.idf)-1))
	}
	f.Add("order", order)
	f.Add("window", window)
	f.Add("adjacent", adjacent)
}

// distance returns how far fact is from the nearest of at, in tokens.
func distance(fact facts.Fact, at []place) int {
	d := far
	for _, p := range at {
		switch {
		case p.token < fact.From:
			d = min(d, fact.From-p.token)
		case p.token >= fact.To:
			d = min(d, p.token-fact.To+1)
		}
	}
	return d
}

// addFillers adds what stands in a sentence that may be what is asked for,
// and how near it stands to the aligned words.
func (m *meaning) addFillers(f *passagerank.Features, text *align.Text, read *facts.Facts, at []place) {
	asked := func(i int) bool { return m.asked.holds(text.Tokens[i].Word) }
	count := func(kinds facts.Kind) float64 {
		n := 0.0
		for fact := range read.Find(kinds) {
			n += indicator(!anyOf(fact, asked))
		}
		return n
	}
	f.Add("new_names", math.Log1p(count(facts.KindName)))
	f.Add("new_numbers", math.Log1p(count(facts.KindNumber)))
	f.Add("new_dates", math.Log1p(count(dates)))
	for _, k := range [...]struct {
		name string
		kind facts.Kind
	}{
		{"money", facts.KindMoney}, {"percent", facts.KindPercent}, {"duration", facts.KindDuration}, {"speech", facts.KindSpeech},
		{"person", facts.KindPerson}, {"place", facts.KindPlace}, {"organisation", facts.KindOrganisation},
	} {
		f.Add("has_"+k.name, indicator(count(k.kind) > 0))
	}
	f.Add("reasons", count(facts.KindReason)+.5*count(facts.KindMaybeReason))
	f.Add("quotation", indicator(len(read.Quotations) > 0))
	typed, near, focus := -.5, 0.0, none
	if m.slot != (slot{}) {
		fillers := m.slot.fillers(read, asked)
		d, byFocus := far, far
		for _, fact := range fillers {
			d = min(d, distance(fact, at))
			byFocus = min(byFocus, distance(fact, m.focused(text)))
		}
		typed, near = indicator(len(fillers) > 0), 1/(1+float64(d))
		if m.group.Focus >= 0 && m.kind == query.KindHowMany {
			focus = 1 / (1 + float64(byFocus))
		}
	}
	f.Add("filler", typed)
	f.Add("filler_near", near)
	f.Add("filler_focus", focus)
	f.Add("other_name", indicator(f.Get("name_missing") > 0 && count(facts.KindName) > 0))
}

// focused returns where the focus of the question is matched.
func (m *meaning) focused(text *align.Text) []place {
	var out []place
	if m.group.Focus >= 0 {
		for j, t := range text.Tokens {
			if m.group.Soft[m.group.Focus][t.Index] >= matched {
				out = append(out, place{token: j})
			}
		}
	}
	return out
}

// addShape adds what a sentence looks like.
func (m *meaning) addShape(f *passagerank.Features, c align.Texts) {
	toks := c.Sentence.Tokens
	novel, negated := 0.0, false
	for _, t := range toks {
		if !t.Is(align.Function) && !m.asked.holds(t.Word) {
			novel += float64(t.IDF)
		}
		negated = negated || t.Is(align.Negation)
	}
	const fewTokens = 7
	f.Add("novelty", novel/10)
	f.Add("length", float64(len(toks))/far)
	f.Add("brief", indicator(len(toks) < fewTokens))
	f.Add("asks", indicator(c.Sentence.Question))
	f.Add("pronoun", indicator(len(toks) > 0 && leaningStart(toks[0].Word)))
	f.Add("negation", indicator(negated))
	f.Add("has_previous", indicator(len(c.Previous.Tokens) > 0))
}

// leaningStart reports whether a sentence that begins with w leans on the one
// before it.
func leaningStart(w *align.Word) bool {
	switch w.Text {
	case "this", "that", "these", "but", "and":
		return true
	}
	return w.Is(align.Pronoun)
}

// relative are the features that are also given as what they are below the
// best candidate's.
var relative = [...]string{"lexical", "related", "soft", "soft_around", "soft_all", "other_in", "cosine", "match_density", "lexical_all"}

// addRelative adds to each candidate's features how they compare to those of
// the others.
func addRelative(list []passagerank.Features) {
	for _, name := range relative {
		best := math.Inf(-1)
		for i := range list {
			best = max(best, list[i].Get(name))
		}
		for i := range list {
			list[i].Add(name+"_behind", list[i].Get(name)-best)
		}
	}
	for _, name := range [...]string{"soft", "soft_around"} {
		order := make([]int, len(list))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[b].Get(name), list[a].Get(name)) })
		for rank, i := range order {
			list[i].Add(name+"_rank", 1/float64(rank+1))
		}
	}
}
