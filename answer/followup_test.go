package answer

import (
	"testing"

	"verbatim/answer/draft"
)

func TestRewriteRules(t *testing.T) {
	fled := Turn{Question: "How many Afghan soldiers fled to Tajikistan?", Answer: "1,037 servicemen of the Afghan governmental forces retreated [1]."}
	dated := Turn{Question: "How many soldiers fled to Tajikistan on July 4?", Answer: ""}
	governor := Turn{Question: "Who is the governor of Badakhshan?", Answer: "Ahmad Bashir Samim, Badakhshan governor, assured residents of Faizabad."}
	putin := Turn{Question: "What did Vladimir Putin promise Tajikistan?", Answer: "Putin confirmed that Moscow was ready."}
	districts := Turn{Question: "Which districts did the Taliban take in Badakhshan?", Answer: ""}
	for _, c := range []struct {
		question string
		history  []Turn
		want     string // "" is unchanged
	}{
		{"and the day before?", []Turn{dated}, "How many soldiers fled to Tajikistan on July 3?"},
		{"And the day after?", []Turn{{Question: "What happened on 31 December 2020?", Answer: ""}}, "What happened on January 1, 2021?"},
		{"and the day before?", []Turn{fled}, "How many Afghan soldiers fled to Tajikistan the day before?"},
		{"what about Kunduz?", []Turn{governor}, "Who is the governor of Kunduz?"},
		{"And Uzbekistan?", []Turn{fled}, "How many Afghan soldiers fled to Uzbekistan?"},
		{"how about on Monday?", []Turn{dated}, "How many soldiers fled to Tajikistan on Monday?"},
		{"and according to Reuters?", []Turn{fled}, "How many Afghan soldiers fled to Tajikistan according to Reuters?"},
		{"who said that?", []Turn{fled}, "Who said that Afghan soldiers fled to Tajikistan?"},
		{"why?", []Turn{fled}, "Why, Afghan soldiers fled to Tajikistan?"},
		{"why did they flee?", []Turn{fled}, "Why did Afghan soldiers flee?"},
		{"what did he say?", []Turn{governor}, "What did Ahmad Bashir Samim say?"},
		{"and when did he say it?", []Turn{putin}, "When did Vladimir Putin say it?"},
		{"who lives there?", []Turn{districts}, "Who lives in Badakhshan?"},
		{"and in Takhar?", []Turn{districts, {Question: "what about Kunduz?", Answer: ""}}, "Which districts did the Taliban take in Takhar?"},
		{"What did Ashraf Ghani say when he called Rahmon?", []Turn{governor}, ""},
		{"Who took charge of Bagram Air Base?", []Turn{fled}, ""},
		{"Which consulate did Moscow close?", []Turn{fled}, ""},
		{"what about Kunduz?", nil, ""},
		{"", []Turn{fled}, ""},
	} {
		got, ok := RewriteRules(c.question, c.history)
		want := c.want
		if want == "" {
			want = c.question
		}
		if got != want || ok != (c.want != "") {
			t.Errorf("%q after %q: got %q, %v; want %q", c.question, c.history, got, ok, want)
		}
	}
}

func TestRewriteIsBounded(t *testing.T) {
	long := make([]Turn, 100)
	for i := range long {
		long[i] = Turn{Question: "What did Hamdullah Mohib say?"}
	}
	long[0].Question = "What did Ashraf Ghani say?"
	got, ok := RewriteRules("when did he say that?", long)
	if !ok || got != "When did Hamdullah Mohib say that?" {
		t.Errorf("got %q, %v", got, ok)
	}
	p, err := draft.RewritePrompt("and then?", long)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.User) > 2000 {
		t.Errorf("the prompt of 100 turns has %d bytes", len(p.User))
	}
}

func FuzzRewriteRules(f *testing.F) {
	f.Add("and the day before?", "How many fled on July 4?", "Some 300.")
	f.Add("what about İstanbul?", "Who is in ß?", "“")
	f.Fuzz(func(t *testing.T, question, last, answer string) {
		RewriteRules(question, []Turn{{Question: last, Answer: answer}, {Question: question, Answer: last}})
	})
}
