package guard

import "testing"

// TestSubtle has points in a journalist's prose over sentences of news, half of
// them wrong in one small thing.
func TestSubtle(t *testing.T) {
	sentences := []Sentence{
		1:  {Text: "The glacier is retreating at a rate of 40 metres per year, the survey said Tuesday.", Speaker: "BBC", Published: "2023-05-10"},
		2:  {Text: "Mayor Lena Ortiz dismissed police chief Paul Grant on May 2, although he had cut crime by a fifth.", Speaker: "CNN", Published: "2023-05-03"},
		3:  {Text: "The Rangers defeated the Sharks 3-1 in Game 4 to win the team's first title since 1988.", Speaker: "AP", Published: "2023-06-01"},
		4:  {Text: "Northern Rail has agreed on a four-year, £90 million contract, a person close to the talks said.", Speaker: "Reuters"},
		5:  {Text: "Southern Trains has agreed to a deal worth £75 million, a spokesman confirmed.", Speaker: "Reuters"},
		6:  {Text: "The bridge is the third-longest in Europe and carries about 60,000 cars a day.", Speaker: "BBC"},
		7:  {Text: "The dam's closure was linked to a crack, not a landslide, an engineer said.", Speaker: "BBC"},
		8:  {Text: "Almost 1,900 people have died in the floods, including more than 400 in Port Vale.", Speaker: "Reuters"},
		9:  {Text: "No. 3 seed Ana Ruiz beat Mia Holt in two sets on Sunday, her coach said.", Speaker: "AP", Published: "2023-06-05"},
		10: {Text: "Residents aged 18 to 25 years were asked to stay at home rather than travel.", Speaker: "BBC"},
		11: {Text: "\"Dust\" grossed nearly $80 million at the box office after its release in 2019.", Speaker: "CNN"},
		12: {Text: "Hale, one of the country's largest banks, reported that 3,000 customers had lost savings.", Speaker: "FT"},
	}
	for _, c := range []struct {
		stands bool
		cites  []int
		text   string
	}{
		{true, []int{1}, "The glacier retreats by 40 metres per year, according to the survey."},
		{false, []int{1}, "The glacier is retreating at a rate of 40 metres per month, the survey said."},
		{true, []int{2}, "Paul Grant, the police chief, was fired by Mayor Lena Ortiz on May 2."},
		{false, []int{2}, "Police chief Paul Grant dismissed Mayor Lena Ortiz on May 2."},
		{false, []int{2}, "Mayor Lena Ortiz dismissed Paul Grant for cutting crime by a fifth."},
		{false, []int{2}, "Mayor Lena Ortiz was dismissed by Paul Grant on May 2."},
		{true, []int{3}, "The Rangers beat the Sharks 3-1 in Game 4 for their first title since 1988."},
		{false, []int{3}, "The Sharks beat the Rangers 3-1 in Game 4."},
		{false, []int{4, 5}, "Southern Trains has agreed on a contract worth £90 million, a spokesman confirmed."},
		{true, []int{4, 5}, "Northern Rail's contract is worth £90 million and that of Southern Trains £75 million, a person close to the talks and a spokesman said."},
		{false, []int{6}, "The bridge is the longest in Europe."},
		{true, []int{6}, "The bridge, the third-longest in Europe, carries some 60,000 cars per day."},
		{true, []int{7}, "The dam was closed because of a crack rather than a landslide, an engineer said."},
		{false, []int{8}, "More than 1,900 people have died in the floods."},
		{true, []int{8}, "Nearly 1,900 people have been killed in the floods, over 400 of them in Port Vale."},
		{true, []int{9}, "Ana Ruiz defeated Mia Holt in both sets, her coach said."},
		{false, []int{9}, "Mia Holt defeated Ana Ruiz on Sunday, her coach said."},
		{true, []int{10}, "People aged 18 to 25 were asked to stay at home instead of travelling."},
		{true, []int{11}, "\"Dust\" took almost $80 million at the box office."},
		{false, []int{11}, "\"Dust\" took over $80 million at the box office."},
		{true, []int{12}, "Hale said that 3,000 customers had lost savings."},
		{false, []int{12}, "Reuters said that 3,000 customers of Hale had lost savings."},
	} {
		if ok, reason := Check("What happened?", Point{Text: c.text, Sentences: c.cites}, sentences[1:]); ok != c.stands {
			t.Errorf("%q: stands %v (%s), want %v", c.text, ok, reason, c.stands)
		}
	}
}
