package rank

import (
	"strings"
	"testing"

	"verbatim/answer/rank/align"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// meaningOf returns the features of meaning of each candidate.
func meaningOf(t *testing.T, question string, candidates ...align.Candidate) []passagerank.Features {
	t.Helper()
	aligner, err := align.Default()
	if err != nil {
		t.Fatal(err)
	}
	g := aligner.Group(question, candidates)
	m := newMeaning(query.Parse(question, ""), g)
	v := words.NewVocabulary(nil)
	var out []passagerank.Features
	for i, c := range candidates {
		out = append(out, m.features(g.Candidates[i], v.View(c.Sentence)))
	}
	addRelative(out)
	return out
}

// TestMeaning holds which of two sentences has more of a feature, so that no
// two features are exchanged.
func TestMeaning(t *testing.T) {
	for _, tt := range []struct {
		question   string
		more, less align.Candidate
		names      string
	}{
		{"Who purchased the airline?", align.Candidate{Sentence: "They bought the airline."}, align.Candidate{Sentence: "They painted the airline."},
			"related soft soft_all soft_around aligned aligned_share other_in other_related other_least related_behind soft_behind soft_rank"},
		{"Who purchased the airline?", align.Candidate{Sentence: "They purchased the airline."}, align.Candidate{Sentence: "They bought the airline."},
			"lexical lexical_all aligned_lexical other_lexical lexical_behind"},
		{"Who purchased the airline?", align.Candidate{Sentence: "It fell.", Previous: "They purchased it."}, align.Candidate{Sentence: "It fell."},
			"lexical_previous soft_previous previous_alone lexical_all soft_around other_context has_previous"},
		{"Who purchased the airline?", align.Candidate{Sentence: "It fell.", Next: "They purchased it."}, align.Candidate{Sentence: "It fell."},
			"lexical_next soft_next next_alone soft_all"},
		{"Who purchased the airline?", align.Candidate{Sentence: "It fell.", Title: "An airline"}, align.Candidate{Sentence: "It fell."},
			"lexical_title soft_title"},
		{"Who purchased the airline?", align.Candidate{Sentence: "It fell."}, align.Candidate{Sentence: "They purchased the airline."},
			"missing_soft missing_around missing_anywhere"},
		{"When did Smith meet Jones?", align.Candidate{Sentence: "When Smith met him it rained."}, align.Candidate{Sentence: "When Brown met him it rained."},
			"name_in name_context"},
		{"When did Smith meet Jones?", align.Candidate{Sentence: "Then Brown met him."}, align.Candidate{Sentence: "Then Smith met him."},
			"name_missing name_missing_anywhere"},
		{"How many people met in 1984?", align.Candidate{Sentence: "In 1984 they met."}, align.Candidate{Sentence: "In 1985 they met."}, "number_in"},
		{"How many people met in 1984?", align.Candidate{Sentence: "In 1985 they met."}, align.Candidate{Sentence: "In 1984 they met."}, "number_missing"},
		{"How many people met?", align.Candidate{Sentence: "There 30 people met."}, align.Candidate{Sentence: "There people met."},
			"new_numbers filler filler_near filler_focus"},
		{"How many people met?", align.Candidate{Sentence: "There 30 people met."}, align.Candidate{Sentence: "There 30 cows met."}, "focus focus_lexical filler_focus"},
		{"Did the price rise?", align.Candidate{Sentence: "The price fell."}, align.Candidate{Sentence: "The price stood."}, "antonym"},
		{"Did Smith sue the bank?", align.Candidate{Sentence: "There Smith sued the bank."}, align.Candidate{Sentence: "There the bank sued Smith."}, "order"},
		{"Did the bank close?", align.Candidate{Sentence: "The bank closed."}, align.Candidate{Sentence: "The bank on the river never closed."}, "adjacent"},
		{"Did the bank close?", align.Candidate{Sentence: "The bank on the river never closed."}, align.Candidate{Sentence: "The bank closed."}, "window"},
		{"Why did it close?", align.Candidate{Sentence: "It closed because of rain."}, align.Candidate{Sentence: "It closed in the rain."}, "reasons filler"},
		{"What did it cost?", align.Candidate{Sentence: "It cost $30 million."}, align.Candidate{Sentence: "It cost a lot."}, "has_money new_numbers"},
		{"What did it cost?", align.Candidate{Sentence: "It rose by 30 percent on Monday, said Paul Smith."}, align.Candidate{Sentence: "It rose by much, it seems."},
			"has_percent new_dates new_names has_speech"},
		{"Who met?", align.Candidate{Sentence: "He never said “so”, and then he met her there at last. Was it?"}, align.Candidate{Sentence: "Friends met."},
			"quotation negation asks pronoun novelty length"},
		{"Who met?", align.Candidate{Sentence: "They met."}, align.Candidate{Sentence: "The two old friends of his met there at last."}, "brief match_density"},
	} {
		f := meaningOf(t, tt.question, tt.more, tt.less)
		for name := range strings.FieldsSeq(tt.names) {
			if f[0].Get(name) <= f[1].Get(name) {
				t.Errorf("%s: %s is %g in %q and %g in %q", tt.question, name, f[0].Get(name), tt.more, f[1].Get(name), tt.less)
			}
		}
	}
}

func TestSlot(t *testing.T) {
	for question, want := range map[string]slot{
		"How many people met?":     {facts.KindNumber, facts.KindNumber},
		"How old is she?":          {facts.KindAge, facts.KindNumber},
		"How long did it last?":    {facts.KindDuration, facts.KindNumber},
		"What percentage voted?":   {facts.KindPercent, facts.KindNumber},
		"how much was the fine":    {facts.KindMoney | facts.KindPercent | facts.KindMeasure, facts.KindNumber},
		"Who won?":                 {facts.KindPerson, facts.KindName},
		"Where is it?":             {facts.KindPlace, facts.KindName},
		"When was it?":             {dates, facts.KindDuration},
		"Why did it close?":        {facts.KindReason, facts.KindMaybeReason},
		"Is it open?":              {},
		"What did the mayor say?":  {facts.KindSpeech, facts.KindSpeech},
		"Which company bought it?": {facts.KindName, facts.KindNumber},
	} {
		if got := slotOf(query.Parse(question, "")); got != want {
			t.Errorf("%s: %v, want %v", question, got, want)
		}
	}
}
