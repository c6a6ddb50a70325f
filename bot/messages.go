package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/quota"
	"verbatim/bot/render"
	"verbatim/internal/settings"
)

const (
	maxHistory    = 3  // turns of a conversation that count
	historySearch = 20 // messages of a thread that are looked through
	talkTime      = time.Hour
	maxThreadName = 90 // runes; Discord takes 100

	// lookUpLimit bounds what is asked of Discord before an answer.
	lookUpLimit = 10 * time.Second
)

var mentionMark = regexp.MustCompile(`<(?:@[!&]?|#|a?:\w+:)\d+>`)

// withoutMentions takes mentions and custom emoji out of what a user typed.
func withoutMentions(text string) string { return mentionMark.ReplaceAllString(text, " ") }

// editTime is how long after a message an edit of it may still ask the bot.
const editTime = 15 * time.Minute

// onEdit answers a message that mentions the bot only since it was edited.
func (b *bot) onEdit(ctx context.Context, data json.RawMessage) error {
	var m discord.Message
	if err := discord.Decode(data, &m); err != nil {
		return err
	}
	// Discord sends an update without an edit when it has looked at a link.
	if m.Edited == nil || m.Server != "" && !b.mentions(&m) || b.options.Now().Sub(m.Timestamp) > editTime {
		return nil
	}
	return b.onMessage(ctx, data)
}

// mentions reports whether a message mentions the bot or its role.
func (b *bot) mentions(m *discord.Message) bool {
	role := b.places.role(m.Server)
	return slices.ContainsFunc(m.Mentions, func(u discord.User) bool { return u.ID == b.user() }) ||
		role != "" && slices.Contains(m.MentionRoles, role)
}

// onMessage answers a message that is meant for the bot.
func (b *bot) onMessage(ctx context.Context, data json.RawMessage) error {
	var m discord.Message
	if err := discord.Decode(data, &m); err != nil {
		return err
	}
	self := b.self.Load()
	if self == nil || m.Author.Bot || m.WebhookID != "" || m.Author.ID == "" || m.Author.ID == self.user ||
		m.Type != discord.MessageDefault && m.Type != discord.MessageReply || m.Application != "" {
		return nil
	}
	thread, inThread := b.places.findThread(m.Channel)
	if !inThread && m.Server != "" && m.ID == m.Channel {
		// The first message of a forum post overtook the event of its thread.
		thread, inThread = b.fetchThread(ctx, m.Channel)
	}
	meant := m.Server == "" || b.mentions(&m)
	if !meant {
		if !b.options.MessageContent || m.Content == "" {
			return nil
		}
		meant = b.toAskChannel(ctx, &m, self, thread, inThread)
	}
	if !meant || !b.seen.Add(m.ID) {
		return nil
	}
	b.answerMessage(ctx, &m, self, thread, inThread)
	return nil
}

// fetchThread asks Discord for a thread that no event has announced yet.
func (b *bot) fetchThread(ctx context.Context, id string) (discord.Channel, bool) {
	ctx, cancel := context.WithTimeout(ctx, lookUpLimit)
	defer cancel()
	var c discord.Channel
	err := b.api.Do(ctx, discord.Call{Method: http.MethodGet, Path: "/channels/" + url.PathEscape(id), Route: "/channels/*", Again: true}, &c)
	if err != nil || c.ID != id || c.ParentID == "" {
		b.log.Info("read a thread", "channel", id, "error", err)
		return discord.Channel{}, false
	}
	b.places.thread(c, false)
	return c, true
}

// toAskChannel reports whether a message that does not mention the bot is a
// question all the same: the first of a forum post or any other in an ask
// channel, or one in a thread that the bot opened.
func (b *bot) toAskChannel(ctx context.Context, m *discord.Message, self *identity, thread discord.Channel, inThread bool) bool {
	if slices.ContainsFunc(m.Mentions, func(u discord.User) bool { return u.ID != self.user }) {
		return false // it talks to someone else
	}
	asks := b.load(ctx, m.Server).AskChannels
	switch {
	case slices.Contains(asks, m.Channel):
		return true
	case !inThread:
		return false
	case thread.OwnerID == self.user:
		return true
	}
	return slices.Contains(asks, thread.ParentID) && (m.ID == m.Channel || m.Author.ID == thread.OwnerID)
}

// answerMessage lets a message wait for a worker, and shows that it does.
func (b *bot) answerMessage(ctx context.Context, m *discord.Message, self *identity, thread discord.Channel, inThread bool) {
	r := &request{id: m.ID, verb: "message", server: m.Server, channel: m.Channel, user: m.Author.ID, settings: b.load(ctx, m.Server)}
	if m.Member != nil {
		r.roles = m.Member.Roles
	}
	t := &target{server: m.Server, channel: m.Channel, user: m.Author.ID, replyTo: m.ID, nonce: m.ID}
	question := render.Clean(withoutMentions(m.Content))
	if inThread && m.ID == m.Channel { // a forum post asks by its title too
		question = render.Clip(strings.TrimSpace(render.Clean(thread.Name)+" "+question), render.MaxQuestion)
	}
	if line, ok := answer.SmallTalk(question); ok {
		b.chat(ctx, r, t, m, line)
		return
	}
	e := entry{cost: costQuestion, run: func(ctx context.Context, r *request) (*render.Reply, error) {
		return b.mentioned(ctx, r, m, question, self, inThread)
	}}
	if words := b.refuse(&e, r); words != "" {
		// The refusals themselves are limited, so that nobody makes the bot flood a channel.
		if over, _ := b.limits.Allow(quota.Quota{Key: "refusal " + r.user, Minute: 4}); over == nil {
			b.send(ctx, t, render.Say(words))
		}
		return
	}
	t.done = b.typing(ctx, m.Channel)
	mode := r.settings.Thread
	if mode == "" {
		mode = b.options.Thread
	}
	switch {
	case mode == settings.ThreadNone && !inThread:
		t.replyTo = ""
	case mode == settings.ThreadOpen && !inThread && m.Server != "" && question != "" && utf8.RuneCountInString(question) <= render.MaxQuestion:
		t.thread = question
	}
	b.enqueue(ctx, e, r, t)
}

// chat answers what asks nothing, if it is addressed to the bot.
func (b *bot) chat(ctx context.Context, r *request, t *target, m *discord.Message, line string) {
	if m.Server != "" && !b.mentions(m) || b.closing.Load() {
		return
	}
	if over, _ := b.limits.Allow(quota.Quota{Key: "chat " + r.user, Minute: 4}); over == nil {
		b.send(ctx, t, render.Say(line))
	}
}

// threadLacks are the permissions without which no thread is opened.
const threadLacks = discord.PermThreads | discord.PermSendInThreads

// intoThread opens a thread for the answer. Where that is not allowed the
// answer is a reply, and someone who can change that hears of it.
func (b *bot) intoThread(ctx context.Context, t *target) {
	missing := b.places.lacking(t.channel, threadLacks)
	if missing == 0 {
		opening, cancel := context.WithTimeout(ctx, lookUpLimit)
		defer cancel()
		id, err := b.openThread(opening, t.channel, t.replyTo, render.Clip(t.thread, maxThreadName))
		if err == nil {
			t.outside, t.channel, t.question, t.replyTo = t.channel, id, t.replyTo, ""
			return
		}
		b.log.Warn("open thread", "server", t.server, "channel", t.channel, "error", err)
		if !discord.HasCode(err, discord.CodeMissingPermissions, discord.CodeMissingAccess) {
			return
		}
		missing = discord.PermThreads
	}
	b.reportLack(ctx, lack{t.server, t.channel, "", strings.Join(discord.PermissionNames(missing), " and "), t.nonce})
}

// pointing is a question about the message that it replies to.
var pointing = regexp.MustCompile(`(?i)^(\S+ ){0,6}(this|that|it|true|sources?|really)\b\W*$|^(is|was|are) (this|that|it)\b.{0,20}$`)

// mentioned answers a message.
func (b *bot) mentioned(ctx context.Context, r *request, m *discord.Message, question string, self *identity, inThread bool) (*render.Reply, error) {
	text := ""
	if m.Referenced != nil && m.Referenced.Author.ID != self.user {
		text = render.Clean(withoutMentions(m.Referenced.Content))
	}
	switch {
	case question != "":
	case text != "": // a mention alone in reply to a message
		return b.sourcesFor(ctx, r, text)
	case m.Referenced != nil && m.Referenced.Author.ID == self.user && m.Referenced.Interaction != nil:
		// Discord hands over the text of such a reply only with the Message Content intent.
		return render.Say("Discord does not show me what you write in a reply to a command's answer. Mention me in the reply, or press Follow up under the answer."), nil
	case m.Content == "" && m.Server != "" && !b.options.MessageContent && len(m.Mentions) == 0:
		return render.Say("Discord did not show me your text. Mention me in the message, or use /ask."), nil
	default:
		return b.help(ctx, r)
	}
	var history []answer.Turn
	switch {
	case m.Referenced == nil && (inThread || m.Server == ""):
		history = b.threadHistory(ctx, m, self)
	case m.Referenced == nil:
	case m.Referenced.Author.ID == self.user:
		history = render.Turns(m.Referenced)
	case pointing.MatchString(question) && text != "":
		return b.sourcesFor(ctx, r, text)
	case text != "":
		history = []answer.Turn{{Question: render.Clip(text, render.MaxQuestion)}}
	case inThread:
		history = b.threadHistory(ctx, m, self)
	}
	return b.answer(ctx, r, question, render.Scope{}, history, "")
}

// threadHistory reads the bot's own last answers in a thread back. They hold
// their questions, so that no intent is needed.
func (b *bot) threadHistory(ctx context.Context, m *discord.Message, self *identity) []answer.Turn {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var last []discord.Message
	err := b.api.Do(ctx, discord.Call{
		Method: http.MethodGet, Route: "/channels/*/messages", Again: true,
		Path: "/channels/" + url.PathEscape(m.Channel) + "/messages?limit=" + strconv.Itoa(historySearch) + "&before=" + url.QueryEscape(m.ID),
	}, &last)
	if err != nil {
		b.log.Info("read a thread back", "server", m.Server, "channel", m.Channel, "error", err)
		return nil
	}
	var history []answer.Turn
	for i := range last { // newest first
		if m.Server == "" && m.Timestamp.Sub(last[i].Timestamp) > talkTime {
			break // a direct message of another day begins another conversation
		}
		if last[i].Author.ID == self.user && len(history) < maxHistory {
			history = append(render.Turns(&last[i]), history...)
		}
	}
	return history
}
