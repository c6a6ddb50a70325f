package openaitest

import (
	"slices"
	"strings"
	"testing"
)

func TestStandIns(t *testing.T) {
	gold := Gold{}
	if err := gold.Read(strings.NewReader(`{"question": "How many buses?", "evidence": [{"quote": "The town bought\n14 buses"}, {"quote": "It has 15 buses, he said."}]}
{"question": "Who won?", "evidence": []}
`)); err != nil {
		t.Fatal(err)
	}
	all := []Sentence{{N: 1, Text: "The town bought 14 buses on Monday."}, {N: 2, Text: "Who won is not known, and how many buses run is not known."}, {N: 3, Text: "It has 15 buses, he said."}}
	if got := gold.of("how many buses", all); len(got) != 2 || got[0].N != 1 || got[1].N != 3 {
		t.Errorf("the gold sentences are %+v", got)
	}
	if got := gold.of("Who won?", all); len(got) != 0 {
		t.Errorf("a question without an answer has %+v", got)
	}
	if d := selects(gold.of("How many buses?", all)); d.Verdict != "answered" || !slices.Equal(d.Sentences, []int{1, 3}) {
		t.Errorf("the oracle says %+v", d)
	}
	for text, want := range map[string]string{
		all[0].Text: "The town bought 714 buses on Monday.", "Buses run again, the mayor said.": "Buses run again.", "Buses run.": "It is not true that Buses run.",
	} {
		if got := distort(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
