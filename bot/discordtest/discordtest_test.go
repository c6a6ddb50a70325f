package discordtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discordtest"
)

const (
	guild   = "100"
	general = "200"
	forum   = "300"
)

// limit ends a wait that would otherwise never end; no test needs it to pass.
func limit(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func newServer(t *testing.T, o discordtest.Options) *discordtest.Server {
	t.Helper()
	if o.Guilds == nil {
		o.Guilds = []discordtest.Guild{{ID: guild, Name: "Newsroom", Channels: []discordtest.Channel{
			{ID: general, Name: "general"}, {ID: forum, Name: "questions", Type: discordtest.ChannelForum}}}}
	}
	srv, err := discordtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	return srv
}

const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

func newSession(t *testing.T, srv *discordtest.Server) *discordgo.Session {
	t.Helper()
	ses, err := discordgo.New("Bot " + srv.Token())
	if err != nil {
		t.Fatal(err)
	}
	ses.LogLevel = -1
	ses.Identify.Intents = intents
	ses.Client = &http.Client{Transport: srv.Transport(nil), Timeout: 10 * time.Second}
	ses.ShouldReconnectOnError = false
	return ses
}

func open(t *testing.T, srv *discordtest.Server, ses *discordgo.Session) {
	t.Helper()
	if err := ses.Open(); err != nil {
		t.Fatal(err)
	}
	if err := srv.WaitConnected(limit(t), 1); err != nil {
		t.Fatal(err)
	}
}

func none() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

func noViolations(t *testing.T, srv *discordtest.Server) {
	t.Helper()
	for _, v := range srv.Violations() {
		t.Errorf("violation: %v", v)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAskAndAnswer(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	ready := make(chan *discordgo.GuildCreate, 1)
	ses.AddHandler(func(_ *discordgo.Session, g *discordgo.GuildCreate) { ready <- g })
	ses.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		defer_ := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral}}
		if err := s.InteractionRespond(i.Interaction, defer_); err != nil {
			t.Error(err)
		}
		if err := s.InteractionRespond(i.Interaction, defer_); code(err) != 40060 {
			t.Errorf("second response: %v, want 40060", err)
		}
		answer := "You asked: " + i.ApplicationCommandData().Options[0].StringValue()
		if _, err := s.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &answer, AllowedMentions: none()}); err != nil {
			t.Error(err)
		}
		if _, err := s.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "more", AllowedMentions: none()}); err != nil {
			t.Error(err)
		}
	})
	open(t, srv, ses)
	g := <-ready
	if g.Name != "Newsroom" || len(g.Channels) != 2 {
		t.Errorf("guild %q with %d channels", g.Name, len(g.Channels))
	}
	if p, err := ses.State.UserChannelPermissions(srv.BotUser().ID, general); err != nil || p != discordtest.DefaultPermissions {
		t.Errorf("permissions in general: %d, %v; want %d", p, err, discordtest.DefaultPermissions)
	}
	call := srv.Slash(discordtest.Invocation{GuildID: guild, ChannelID: general}, "ask",
		discordtest.Option{Name: "question", Type: 3, Value: "Who?"})
	ack, err := call.Ack(limit(t))
	check(t, err)
	if ack.Type != discordtest.RespondDeferred || !ack.Ephemeral || ack.After > time.Second {
		t.Errorf("ack %+v", ack)
	}
	m, err := call.Reply(limit(t))
	check(t, err)
	if m.Content != "You asked: Who?" || !m.Ephemeral() {
		t.Errorf("reply %q, ephemeral %v", m.Content, m.Ephemeral())
	}
	f, err := call.WaitFollowup(limit(t), 1)
	check(t, err)
	if f.Content != "more" {
		t.Errorf("follow-up %q", f.Content)
	}
	noViolations(t, srv)
	check(t, ses.Close())
}

func code(err error) int {
	var re *discordgo.RESTError
	if errors.As(err, &re) && re.Message != nil {
		return re.Message.Code
	}
	return 0
}

func TestMessageContentNeedsIntentOrMention(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	got := make(chan *discordgo.MessageCreate, 10)
	ses.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { got <- m })
	open(t, srv, ses)
	defer ses.Close()
	srv.Say(general, "overheard")
	if m := <-got; m.Content != "" {
		t.Errorf("content without mention %q", m.Content)
	}
	asked := srv.Mention(general, "who?")
	if m := <-got; m.Content != "<@"+srv.BotUser().ID+"> who?" || len(m.Mentions) != 1 {
		t.Errorf("mention: content %q, %d mentions", m.Content, len(m.Mentions))
	}
	if m := srv.Direct(discordtest.Someone(), "psst"); m.GuildID != "" {
		t.Errorf("direct message in guild %q", m.GuildID)
	}
	if m := <-got; m.Content != "psst" || m.GuildID != "" {
		t.Errorf("direct message %q in guild %q", m.Content, m.GuildID)
	}
	sent, err := ses.ChannelMessageSendComplex(general, &discordgo.MessageSend{Content: "Nobody.", AllowedMentions: none(),
		Reference: &discordgo.MessageReference{MessageID: asked.ID, ChannelID: general}})
	check(t, err)
	if m := <-got; m.ID != sent.ID || m.Content != "Nobody." {
		t.Errorf("own message comes back as %q", m.Content)
	}
	reply, err := srv.WaitReplyTo(limit(t), asked)
	check(t, err)
	srv.Reply(reply, "why?", true)
	if m := <-got; m.Content != "why?" || m.ReferencedMessage == nil || m.ReferencedMessage.Content != "Nobody." {
		t.Errorf("reply with ping: %q", m.Content)
	}
	srv.Reply(reply, "why?", false)
	if m := <-got; m.Content != "" {
		t.Errorf("reply without ping shows %q", m.Content)
	}
	noViolations(t, srv)
}

func TestThreadsAndForums(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	threads := make(chan *discordgo.ThreadCreate, 4)
	ses.AddHandler(func(_ *discordgo.Session, c *discordgo.ThreadCreate) { threads <- c })
	open(t, srv, ses)
	defer ses.Close()
	m := srv.Mention(general, "who?")
	th, err := ses.MessageThreadStart(general, m.ID, "Who?", 1440)
	check(t, err)
	if c := <-threads; c.ID != m.ID || th.ID != m.ID || c.ParentID != general {
		t.Errorf("thread %s on message %s in %s", c.ID, m.ID, c.ParentID)
	}
	if _, err := ses.ChannelMessageSendComplex(th.ID, &discordgo.MessageSend{Content: "Here.", AllowedMentions: none()}); err != nil {
		t.Error(err)
	}
	if _, err := srv.WaitReplyTo(limit(t), m); err != nil {
		t.Error(err)
	}
	if _, err := ses.MessageThreadStart(general, m.ID, "Again", 1440); code(err) != 160004 {
		t.Errorf("second thread on a message: %v", err)
	}
	post, first, err := srv.ForumPost(forum, "A title", "A question?")
	check(t, err)
	if c := <-threads; c.ID != post.ID || first.ID != post.ID || c.Name != "A title" {
		t.Errorf("forum post %+v", c)
	}
	noViolations(t, srv)
}

func TestPermissions(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	send := &discordgo.MessageSend{Content: "x", AllowedMentions: none()}
	if _, err := ses.ChannelMessageSendComplex(general, send); err != nil {
		t.Error(err)
	}
	srv.SetPermissions(general, discordtest.PermViewChannel)
	if _, err := ses.ChannelMessageSendComplex(general, send); code(err) != 50013 {
		t.Errorf("without Send Messages: %v", err)
	}
	srv.SetPermissions(general, 0)
	if _, err := ses.ChannelMessageSendComplex(general, send); code(err) != 50001 {
		t.Errorf("without View Channel: %v", err)
	}
	if n := srv.InvalidRequests(); n != 2 {
		t.Errorf("%d invalid requests, want 2", n)
	}
}

func TestNonceMakesSendIdempotent(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	srv.Break(discordtest.ServerError("POST", "/channels/*/messages", 502, 1, true))
	ses := newSession(t, srv)
	body := map[string]any{"content": "once", "nonce": "7", "enforce_nonce": true, "allowed_mentions": none()}
	if _, err := ses.RequestWithBucketID("POST", discordgo.EndpointChannelMessages(general), body, "b"); err != nil {
		t.Fatal(err) // discordgo tries again after a 502
	}
	if n := len(srv.Requests("POST", "/channels/*/messages")); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	if n := len(srv.Messages(general)); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestFaults(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	send := func(opts ...discordgo.RequestOption) error {
		_, err := ses.ChannelMessageSendComplex(general, &discordgo.MessageSend{Content: "x", AllowedMentions: none()},
			append(opts, discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))...)
		return err
	}
	route := "/channels/*/messages"
	srv.Break(discordtest.RateLimited("POST", route, 30, 1, false, true))
	var limited *discordgo.RateLimitError
	if err := send(); !errors.As(err, &limited) || limited.RetryAfter != 30*time.Second {
		t.Errorf("rate limited: %v", err)
	}
	srv.Break(discordtest.ServerError("POST", route, 502, 1, true))
	if err := send(); err == nil || len(srv.Messages(general)) != 1 {
		t.Errorf("502 after the work: %v, %d messages", err, len(srv.Messages(general)))
	}
	srv.Break(discordtest.Garbled("POST", route, 1))
	if err := send(); !errors.Is(err, discordgo.ErrJSONUnmarshal) {
		t.Errorf("garbled: %v", err)
	}
	srv.Break(discordtest.Refused("POST", route, 403, 50013, 1))
	if err := send(); code(err) != 50013 {
		t.Errorf("refused: %v", err)
	}
	srv.Break(discordtest.Fault{Route: route, Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- send(discordgo.WithContext(ctx)) }()
	check(t, srv.Until(limit(t), func() bool { return len(srv.Requests("POST", route)) == 5 }))
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("hang: %v", err)
	}
}

func TestViolations(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	button := func(id string) discordgo.MessageComponent { return discordgo.Button{Label: "b", CustomID: id} }
	row := func(list ...discordgo.MessageComponent) discordgo.MessageComponent {
		return discordgo.ActionsRow{Components: list}
	}
	embed := func(n, each int) (list []*discordgo.MessageEmbed) {
		for range n {
			list = append(list, &discordgo.MessageEmbed{Description: strings.Repeat("é", each)})
		}
		return list
	}
	for _, c := range []struct {
		why string
		msg discordgo.MessageSend
	}{
		{"allowed_mentions", discordgo.MessageSend{Content: "x"}},
		{"pinged", discordgo.MessageSend{Content: "x", AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{"everyone"}}}},
		{"content has 2001 runes", discordgo.MessageSend{Content: strings.Repeat("é", 2001), AllowedMentions: none()}},
		{"6003 runes together", discordgo.MessageSend{Embeds: embed(3, 2001), AllowedMentions: none()}},
		{"description has 4097", discordgo.MessageSend{Embeds: embed(1, 4097), AllowedMentions: none()}},
		{"11 embeds", discordgo.MessageSend{Embeds: embed(11, 1), AllowedMentions: none()}},
		{"6 buttons", discordgo.MessageSend{Content: "x", AllowedMentions: none(), Components: []discordgo.MessageComponent{
			row(button("1"), button("2"), button("3"), button("4"), button("5"), button("6"))}}},
		{"used twice", discordgo.MessageSend{Content: "x", AllowedMentions: none(), Components: []discordgo.MessageComponent{
			row(button("1")), row(button("1"))}}},
		{"custom_id has 101", discordgo.MessageSend{Content: "x", AllowedMentions: none(), Components: []discordgo.MessageComponent{
			row(button(strings.Repeat("1", 101)))}}},
	} {
		before := len(srv.Violations())
		_, err := ses.ChannelMessageSendComplex(general, &c.msg)
		if code(err) != 50035 {
			t.Errorf("%s: %v, want 50035", c.why, err)
		}
		v := srv.Violations()[before:]
		if len(v) != 1 || !strings.Contains(v[0].Why, c.why) {
			t.Errorf("%s: violations %v", c.why, v)
		}
	}
	if n := len(srv.Messages(general)); n != 0 {
		t.Errorf("%d messages were stored", n)
	}
}

func TestFilesAndAttachments(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	m, err := ses.ChannelMessageSendComplex(general, &discordgo.MessageSend{Content: "x", AllowedMentions: none(),
		Files: []*discordgo.File{{Name: "answer.txt", ContentType: "text/plain", Reader: strings.NewReader("long")}}})
	check(t, err)
	if len(m.Attachments) != 1 || m.Attachments[0].Size != 4 {
		t.Fatalf("attachments %+v", m.Attachments)
	}
	resp, err := http.Get(m.Attachments[0].URL)
	check(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	check(t, err)
	if string(b) != "long" || resp.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("served %q as %q", b, resp.Header.Get("Content-Type"))
	}
	noViolations(t, srv)
}

func TestCommands(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	app := srv.BotUser().ID
	de := map[discordgo.Locale]string{"de": "frage"}
	ask := &discordgo.ApplicationCommand{Name: "ask", Description: "Asks", NameLocalizations: &de}
	made, err := ses.ApplicationCommandCreate(app, guild, ask)
	check(t, err)
	list, err := ses.ApplicationCommands(app, guild)
	check(t, err)
	if len(list) != 1 || list[0].ID != made.ID || list[0].NameLocalizations == nil {
		t.Errorf("commands %+v", list)
	}
	if _, err := ses.ApplicationCommandEdit(app, guild, made.ID, &discordgo.ApplicationCommand{Name: "ask", Description: "Asks more"}); err != nil {
		t.Error(err)
	}
	bulk, err := ses.ApplicationCommandBulkOverwrite(app, guild, []*discordgo.ApplicationCommand{ask})
	check(t, err)
	if bulk[0].ID != made.ID || srv.CommandWrites() != 3 {
		t.Errorf("bulk id %s, want %s; %d writes, want 3", bulk[0].ID, made.ID, srv.CommandWrites())
	}
	check(t, ses.ApplicationCommandDelete(app, guild, made.ID))
	if len(srv.Commands(guild)) != 0 {
		t.Errorf("commands left: %v", srv.Commands(guild))
	}
	noViolations(t, srv)
	if _, err := ses.ApplicationCommandCreate(app, "", &discordgo.ApplicationCommand{Name: "Ask", Description: "x"}); code(err) != 50035 {
		t.Errorf("capital in a name: %v", err)
	}
}

func TestInteractionTooLate(t *testing.T) {
	now := time.Now()
	clock := make(chan time.Time, 1)
	clock <- now
	srv := newServer(t, discordtest.Options{Now: func() time.Time { t := <-clock; clock <- t; return t }})
	advance := func(d time.Duration) { t := <-clock; clock <- t.Add(d) }
	ses := newSession(t, srv)
	in := discordtest.Invocation{GuildID: guild, ChannelID: general}
	resp := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	late := srv.Slash(in, "ask")
	advance(3*time.Second + time.Millisecond)
	inter := func(c *discordtest.Call) *discordgo.Interaction {
		return &discordgo.Interaction{ID: c.ID, Token: c.Token, AppID: srv.BotUser().ID}
	}
	if err := ses.InteractionRespond(inter(late), resp); code(err) != 10062 {
		t.Errorf("after 3 s: %v, want 10062", err)
	}
	call := srv.Slash(in, "ask")
	text := "x"
	edit := &discordgo.WebhookEdit{Content: &text, AllowedMentions: none()}
	if _, err := ses.InteractionResponseEdit(inter(call), edit); code(err) != 10015 {
		t.Errorf("edit before any response: %v, want 10015", err)
	}
	check(t, ses.InteractionRespond(inter(call), resp))
	advance(15 * time.Minute)
	if _, err := ses.InteractionResponseEdit(inter(call), edit); err != nil {
		t.Errorf("edit at 15 min: %v", err)
	}
	advance(time.Millisecond)
	if _, err := ses.InteractionResponseEdit(inter(call), edit); code(err) != 50027 {
		t.Errorf("edit after 15 min: %v, want 50027", err)
	}
}

func TestFormsButtonsChoices(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	ses.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		var r *discordgo.InteractionResponse
		switch i.Type {
		case discordgo.InteractionMessageComponent:
			r = &discordgo.InteractionResponse{Type: discordgo.InteractionResponseModal, Data: &discordgo.InteractionResponseData{
				CustomID: "why", Title: "Why?", Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.TextInput{CustomID: "reason", Label: "Reason", Style: discordgo.TextInputShort}}}}}}
		case discordgo.InteractionModalSubmit:
			text := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput).Value
			r = &discordgo.InteractionResponse{Type: discordgo.InteractionResponseUpdateMessage,
				Data: &discordgo.InteractionResponseData{Content: "because " + text, AllowedMentions: none()}}
		case discordgo.InteractionApplicationCommandAutocomplete:
			r = &discordgo.InteractionResponse{Type: discordgo.InteractionApplicationCommandAutocompleteResult,
				Data: &discordgo.InteractionResponseData{Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "one", Value: "1"}}}}
		}
		if err := s.InteractionRespond(i.Interaction, r); err != nil {
			t.Error(err)
		}
	})
	open(t, srv, ses)
	defer ses.Close()
	in := discordtest.Invocation{GuildID: guild, ChannelID: general}
	m, _ := srv.Post(discordtest.Message{ChannelID: general, Author: srv.BotUser(), Content: "answer"})
	form, err := srv.Press(in, m, "wrong").Modal(limit(t))
	check(t, err)
	reply, err := srv.Submit(in, form, map[string]string{"reason": "so"}, &m).Reply(limit(t))
	check(t, err)
	if reply.ID != m.ID || reply.Content != "because so" {
		t.Errorf("message %s now %q", reply.ID, reply.Content)
	}
	rows, err := srv.Autocomplete(in, "source", discordtest.Option{Name: "id", Type: 3, Value: "o", Focused: true}).Choices(limit(t))
	check(t, err)
	if len(rows) != 1 || rows[0].Name != "one" {
		t.Errorf("choices %v", rows)
	}
	noViolations(t, srv)
}
