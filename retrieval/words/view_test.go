package words

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestView(t *testing.T) {
	vocabulary := NewVocabulary(NewStemmer())
	v := vocabulary.View("Troops fled. “More than 1,037 of them,” he didn’t say on May 4.")
	want := []struct {
		raw, base string
		class     Class
		cap       bool
		begins    bool
	}{
		{"Troops", "troop", IsCommon, true, true},
		{"fled", "flee", 0, false, false},
		{"More", "more", IsBound, true, true},
		{"than", "than", IsStop, false, false},
		{"1,037", "1037", IsFigure, false, false},
		{"of", "of", IsConnector, false, false},
		{"them", "them", IsPronoun, false, false},
		{"he", "he", IsPronoun, false, false},
		{"didn’t", "didn't", IsNegator, false, false},
		{"say", "say", IsReporting, false, false},
		{"on", "on", IsPreposition, false, false},
		{"May", "may", IsMonth | IsModal, true, false},
		{"4", "4", IsFigure, false, false},
	}
	if len(v.Tokens) != len(want) {
		t.Fatalf("%d tokens, want %d", len(v.Tokens), len(want))
	}
	for i, w := range want {
		tok := v.Tokens[i]
		if v.Raw(i) != w.raw || tok.Base != w.base || tok.Class&w.class != w.class || tok.Cap != w.cap {
			t.Errorf("token %d is %q %+v, want %+v", i, v.Raw(i), tok.Word, w)
		}
		if v.Begins(i) != w.begins {
			t.Errorf("token %d, %q: begins is %v", i, v.Raw(i), !w.begins)
		}
	}
	if got := v.Gap(2); got != ". “" {
		t.Errorf("Gap(2) = %q", got)
	}
	if got := v.Gap(len(v.Tokens)); got != "." {
		t.Errorf("the last gap is %q", got)
	}
	if got := v.Span(2, 5); got != "More than 1,037" {
		t.Errorf("Span(2, 5) = %q", got)
	}
	if a, b := vocabulary.Word("fled"), v.Tokens[1].Word; a != b || len(vocabulary.Words()) != 13 {
		t.Errorf("a word seen twice is %p and %p; %d words", a, b, len(vocabulary.Words()))
	}
}

func TestBegins(t *testing.T) {
	text := "The dam broke. Then Mary said: “Run.” In U.S. towns\nPeople ran."
	v := NewVocabulary(nil).View(text)
	var got []string
	for i, tok := range v.Tokens {
		if v.Begins(i) {
			got = append(got, tok.Text)
		}
	}
	if diff := cmp.Diff([]string{"the", "then", "run", "in", "towns", "people"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
