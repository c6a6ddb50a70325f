package bot

import (
	"context"
	"fmt"
	"time"

	"verbatim/bot/render"
	"verbatim/internal/settings"
)

// listedUnanswered is how many unanswered questions are listed.
const listedUnanswered = 15

// keepUnanswered keeps a question that the articles do not answer, for
// moderators, if the operator wants that.
func (b *bot) keepUnanswered(ctx context.Context, r *request, question string) {
	if b.options.KeepUnanswered <= 0 || r.server == "" {
		return
	}
	if err := b.options.Settings.AddUnanswered(ctx, r.server, r.user, question); err != nil {
		b.log.Warn("keep an unanswered question", "server", r.server, "error", err)
	}
}

// listUnanswered says what was asked on a server and not answered.
func (b *bot) listUnanswered(ctx context.Context, server string) (*render.Reply, error) {
	if b.options.KeepUnanswered <= 0 {
		return render.Say("My operator does not keep questions without an answer (discord.retention.unanswered_days)."), nil
	}
	list, err := b.options.Settings.Unanswered(ctx, server, listedUnanswered)
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Title: "Questions without an answer"}
	for _, u := range list {
		rep.Blocks = append(rep.Blocks, render.Block{Text: fmt.Sprintf("**%d** askers, last on %s: %s", u.Askers, u.Last.Format(time.DateOnly), render.Escape(render.Clip(u.Question, 150)))})
	}
	if len(list) == 0 {
		rep.Blocks = []render.Block{{Text: "There are none that two persons asked."}}
	}
	rep.Foot = "asked by two persons or more, in the last " + render.Count(int(b.options.KeepUnanswered.Hours()/24), "day")
	return rep, nil
}

// askHuman mentions the role that answers what the articles do not.
func (b *bot) askHuman(_ context.Context, r *request) (*render.Reply, error) {
	question, ok := b.question(r)
	switch {
	case !ok:
		return nil, wordsError(wordsUnread)
	case r.settings.Human == "":
		return nil, wordsError("The moderators of this server have named no role for that.")
	}
	rep := render.Say("<@&" + r.settings.Human + "> <@" + r.user + "> asks what the articles do not answer: " + render.Escape(question))
	rep.Mentions = r.settings.Human
	return rep, nil
}

// setHuman sets the role that askHuman mentions, or none.
func setHuman(s *settings.Server, role string) error {
	if role != "" && !snowflake(role) {
		return wordsError("Please choose one from the list that Discord offers.")
	}
	s.Human = role
	return nil
}
