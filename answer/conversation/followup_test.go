package conversation

import "testing"

func TestUnderstand(t *testing.T) {
	fled := Turn{Question: "How many Afghan soldiers fled to Tajikistan?", Answer: "1,037 servicemen of the Afghan governmental forces retreated [1]."}
	dated := Turn{Question: "How many soldiers fled to Tajikistan on July 4?"}
	governor := Turn{Question: "Who is the governor of Badakhshan?", Answer: "Ahmad Bashir Samim, Badakhshan governor, assured residents of Faizabad."}
	putin := Turn{Question: "What did Vladimir Putin promise Tajikistan?", Answer: "Putin confirmed that Moscow was ready."}
	districts := Turn{Question: "Which districts did the Taliban take in Badakhshan?"}
	why := Turn{Question: "Why did the Afghan soldiers flee?", Answer: "They ran out of ammunition [1]."}
	lower := Turn{Question: "what happened in kunduz?", Answer: ""}
	coach := Turn{Question: "How much do college coaches earn?", Answer: "Most earn less than teachers, according to USA Today [1]."}
	refused := Turn{Question: "What did President Ashraf Ghani say about Kunduz?", Answer: "The articles do not say."}
	for _, c := range []struct {
		question string
		history  []Turn
		want     string // rewritten; "" keeps the words
		topic    string // carried along
		unclear  string
	}{
		// What is different takes the place of its kind.
		{"and the day before?", []Turn{dated}, "How many soldiers fled to Tajikistan on July 3?", "", ""},
		{"And the day after?", []Turn{{Question: "What happened on 31 December 2020?"}}, "What happened on January 1, 2021?", "", ""},
		{"and the day before?", []Turn{fled}, "", fled.Question, ""},
		{"what about Kunduz?", []Turn{governor}, "Who is the governor of Kunduz?", "", ""},
		{"And Uzbekistan?", []Turn{fled}, "How many Afghan soldiers fled to Uzbekistan?", "", ""},
		{"how about on Monday?", []Turn{dated}, "How many soldiers fled to Tajikistan on Monday?", "", ""},
		{"and in 2020?", []Turn{fled}, "How many Afghan soldiers fled to Tajikistan in 2020?", "", ""},
		{"and on Monday?", []Turn{{Question: "When did the strike end?"}}, "", "When did the strike end?", ""},
		{"and according to Reuters?", []Turn{fled}, "How many Afghan soldiers fled to Tajikistan according to Reuters?", "", ""},
		{"according to AFP?", []Turn{{Question: "How many fled according to the Interfax agency?"}}, "How many fled according to AFP?", "", ""},
		{"according to AFP?", []Turn{{Question: "How many, according to Interfax, fled?"}}, "", "How many, according to Interfax, fled?", ""},
		{"and in Takhar?", []Turn{districts, {Question: "what about Kunduz?"}}, "Which districts did the Taliban take in Takhar?", "", ""},
		{"what about takhar?", []Turn{lower}, "", lower.Question, ""},
		{"and in takhar?", []Turn{lower}, "", lower.Question, ""},
		{"what about the wounded?", []Turn{fled}, "", fled.Question, ""},
		{"and Macron?", []Turn{{Question: "What did Putin tell Merkel?"}}, "", "What did Putin tell Merkel?", ""},
		// Reference to what was asked.
		{"who said that?", []Turn{fled}, "Who said that Afghan soldiers fled to Tajikistan?", "", ""},
		{"who said that?", []Turn{why}, "", why.Question, ""},
		{"who said that?", []Turn{putin}, "", putin.Question, ""},
		{"why?", []Turn{fled}, "", fled.Question, ""},
		{"when did that happen?", []Turn{fled}, "", fled.Question, ""},
		{"is that true?", []Turn{fled}, "", fled.Question, ""},
		{"what else?", []Turn{fled}, "", fled.Question, ""},
		{"and then?", []Turn{fled}, "", fled.Question, ""},
		{"how many?", []Turn{districts}, "", districts.Question, ""},
		{"where?", []Turn{fled, {Question: "why?", Answer: "x"}}, "", fled.Question, ""},
		// Pronouns.
		{"why did they flee?", []Turn{fled}, "Why did Afghan soldiers flee?", "", ""},
		{"Where did they go?", []Turn{why}, "Where did the Afghan soldiers go?", "", ""},
		{"what did he say?", []Turn{governor}, "What did Ahmad Bashir Samim say?", "", ""},
		{"when did he say it?", []Turn{putin}, "", putin.Question, "he"},
		{"and what did he say then?", []Turn{refused}, "What did Ashraf Ghani say then?", "", ""},
		{"How old is his son?", []Turn{putin}, "How old is Vladimir Putin's son?", "", ""},
		{"who lives there?", []Turn{districts}, "Who lives in Badakhshan?", "", ""},
		{"Is there any hope?", []Turn{districts}, "", "", ""},
		{"How much is he paid?", []Turn{coach}, "", coach.Question, "he"},
		{"how old is she?", []Turn{fled}, "", fled.Question, "she"},
		// What stands alone.
		{"What did Ashraf Ghani say when he called Rahmon?", []Turn{governor}, "", "", ""},
		{"Who took charge of Bagram Air Base?", []Turn{fled}, "", "", ""},
		{"Which consulate did Moscow close?", []Turn{fled}, "", "", ""},
		{"Did the minister say that he would resign?", []Turn{fled}, "", "", ""},
		{"what about Kunduz?", nil, "", "", ""},
		{"", []Turn{fled}, "", "", ""},
	} {
		want := Understood{Question: c.question, Topic: c.topic, Unclear: c.unclear}
		if c.want != "" {
			want.Question = c.want
		}
		if got := Understand(c.question, c.history); got != want {
			t.Errorf("%q after %q:\n got %+v\nwant %+v", c.question, c.history, got, want)
		}
	}
}

func TestSearchText(t *testing.T) {
	u := Understand("why?", []Turn{{Question: "How many Afghan soldiers fled to Tajikistan?"}})
	if got, want := u.SearchText(), "why? Afghan soldiers fled Tajikistan"; got != want {
		t.Errorf("searched for %q, want %q", got, want)
	}
}

func TestOnlyTheLastTurnsCount(t *testing.T) {
	long := make([]Turn, 100)
	for i := range long {
		long[i] = Turn{Question: "What did Hamdullah Mohib say?"}
	}
	long[0].Question = "What did Ashraf Ghani say?"
	if got := Understand("when did he leave?", long); got.Question != "When did Hamdullah Mohib leave?" {
		t.Errorf("got %+v", got)
	}
}

func FuzzUnderstand(f *testing.F) {
	f.Add("and the day before?", "How many fled on July 4?", "Some 300.")
	f.Add("what about İstanbul?", "Who is in ß?", "“")
	f.Add("according to İ", "why", "")
	f.Fuzz(func(t *testing.T, question, last, answer string) {
		Understand(question, []Turn{{Question: last, Answer: answer}, {Question: question, Answer: last}})
		SmallTalk(question)
	})
}
