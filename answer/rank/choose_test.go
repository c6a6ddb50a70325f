package rank

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// ranked makes ranked sentences of "source|published|sentence" lines, the
// best first; sources are one article each.
func ranked(q *query.Question, lines ...string) []*Sentence {
	articles := map[string]*corpus.Article{}
	var out []*Sentence
	for i, line := range lines {
		f := strings.SplitN(line, "|", 3)
		a := articles[f[0]]
		if a == nil {
			a = new(corpus.Article)
			a.ID, a.Source, a.Published = f[0], f[0], corpus.Date(f[1])
			articles[f[0]] = a
		}
		s := &Sentence{article: a, span: corpus.Span{Start: len(a.Body), End: len(a.Body) + len(f[2])}, score: float64(100 - i)}
		a.Body += f[2] + " "
		a.BodyHash = corpus.Hash(a.Body)
		m := query.NewMatcher(q, query.TermStats{}, nil, nil)
		s.view = m.View(f[2])
		s.facts = factsOf(m, q, s)
		out = append(out, s)
	}
	return out
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name, question, asOf string
		n                    int
		lines                []string
		want                 string // indexes of lines, in order
	}{
		{"at most n", "How many soldiers fled?", "", 2,
			[]string{"a||Some 10 fled.", "b||Some 20 fled.", "c||Some 30 fled."}, "0 1"},
		{"a second one with another figure", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||Some 20 soldiers fled."}, "0 1"},
		{"no second one with the same figure", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||On the way 10 of the soldiers fled.", "b||In all 10 soldiers fled."}, "0 2"},
		{"a figure in letters is the same", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||In all ten of them fled."}, "0"},
		{"a grouped figure is the same", "How many soldiers fled?", "", 5,
			[]string{"a||Some 1,037 soldiers fled.", "a||In all 1037 of them fled."}, "0"},
		{"another name is no other figure", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||Then Ahmad Samim counted 10 of them."}, "0"},
		{"a figure of the question is no other", "How many of the 20 soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||Of 20 soldiers 10 fled."}, "0"},
		{"no third one", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "a||Some 20 soldiers fled.", "a||Some 30 soldiers fled."}, "0 1"},
		{"another name", "Who fled?", "", 5,
			[]string{"a||Yesterday Ahmad Samim fled.", "a||Yesterday Ahmad Samim fled at 10.", "a||Later Hamdullah Mohib fled."}, "0 2"},
		{"another day", "When did they flee?", "", 5,
			[]string{"a||They fled on Monday.", "a||On Monday Ahmad Samim fled.", "a||Some fled on Tuesday."}, "0 2"},
		{"one sentence in two articles once", "How many soldiers fled?", "", 5,
			[]string{"a||Some 10 soldiers fled.", "b||Some 10 soldiers fled.", "b||It was 10 who fled."}, "0 2"},
		{"the newest leads", "How many soldiers are there now?", "2021-07-06", 5,
			[]string{"a|2021-07-03|There are 10.", "b|2021-07-05|There are 20.", "c|2021-07-04|There are 30."}, "1 0 2"},
		{"not one of tomorrow", "How many soldiers are there now?", "2021-07-04", 5,
			[]string{"a|2021-07-03|There are 10.", "b|2021-07-05|There are 20.", "c|2021-07-04|There are 30."}, "2 0 1"},
		{"the better one of a day", "How many soldiers are there now?", "2021-07-06", 5,
			[]string{"a|2021-07-03|There are 10.", "b|2021-07-05|There are 20.", "c|2021-07-05|There are 30."}, "1 0 2"},
		{"undated ones do not lead", "How many soldiers are there now?", "2021-07-06", 5,
			[]string{"a||There are 10.", "b||There are 20."}, "0 1"},
		{"by score where it does not ask about now", "How many soldiers fled?", "2021-07-06", 5,
			[]string{"a|2021-07-03|Some 10 fled.", "b|2021-07-05|Some 20 fled."}, "0 1"},
		{"chosen first, then ordered", "How many soldiers are there now?", "2021-07-06", 2,
			[]string{"a|2021-07-03|There are 10.", "b|2021-07-04|There are 20.", "c|2021-07-06|There are 30."}, "1 0"},
		{"nothing", "How many soldiers fled?", "", 5, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := query.Parse(tt.question, corpus.Date(tt.asOf))
			all := ranked(q, tt.lines...)
			var got []string
			for _, s := range choose(q, all, tt.n, alone) {
				for i := range all {
					if all[i] == s {
						got = append(got, fmt.Sprint(i))
					}
				}
			}
			same(t, "chosen", strings.Join(got, " "), tt.want)
		})
	}
}

// A sentence whose likely answers stand in a quote already gives way to one
// with others that scores hardly less; the order of the quotes is by score.
func TestChooseWhatIsFresh(t *testing.T) {
	q := query.Parse("Who fled?", "")
	all := ranked(q, "a||Yesterday Ahmad Samim fled.", "b||Then Ahmad Samim left.", "c||Later Hamdullah Mohib fled.", "d||Nobody knows.")
	samim, mohib := &candidate{share: .6}, &candidate{share: .4}
	all[0].words, all[1].words, all[2].words = []*candidate{samim}, []*candidate{samim}, []*candidate{mohib}
	for i, score := range []float64{9, 8.5, 8, 7} {
		all[i].score = score
	}
	for n, want := range map[int][]*Sentence{1: all[:1], 2: {all[0], all[2]}, 3: all[:3], 4: all} {
		if n == 3 {
			// Nothing is fresh in the second any more: it costs more than the fourth scores less.
			want = []*Sentence{all[0], all[2], all[3]}
		}
		if got := choose(q, all, n, alone); !slices.Equal(got, want) {
			t.Errorf("%d quotes: %q", n, sentenceTexts(got))
		}
	}
}

func sentenceTexts(list []*Sentence) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.view.Text)
	}
	return out
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]string{"10": "10", "ten": "10", "two": "2", "twelve": "12", "nineteen": "19", "twenty": "20", "ninety": "90", "1037": "1037", "1.5": "1.5", "hundreds": "hundreds",
		"": "", "one": "", "soldier": "", "tenth": ""} {
		got, ok := number(words.NewVocabulary(nil).Word(in))
		if got != want || ok != (want != "") {
			t.Errorf("number(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

// alone joins nothing.
func alone(s *Sentence, _ []*Sentence) *Sentence { return s }
