package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	callbackTimeout = 1200 * time.Millisecond
	callbackLimit   = 2800 * time.Millisecond
	// sendLimit is how long a message to a channel is tried.
	sendLimit = 2 * time.Minute
)

// target is where a reply goes: an interaction, or a channel.
type target struct {
	interaction *interaction
	private     bool
	update      bool      // the message with the button is edited
	until       time.Time // the token of the interaction serves

	server, channel, user string
	replyTo               string    // id of the message that is answered
	nonce                 string    // id of the event: makes a repeated message one
	done                  func()    // ends the typing indicator
	progress              *progress // shows parts of the reply; may be nil
}

func (t *target) callback() call {
	i := t.interaction
	return call{
		method: http.MethodPost, path: "/interactions/" + url.PathEscape(i.ID) + "/" + url.PathEscape(i.Token) + "/callback",
		route: "/interactions/*/callback", public: true, burst: true, again: true, timeout: callbackTimeout,
	}
}

func (t *target) webhook(method, tail string) call {
	i := t.interaction
	return call{
		method: method, path: "/webhooks/" + url.PathEscape(i.Application) + "/" + url.PathEscape(i.Token) + tail,
		route: "/webhooks/*" + tail, public: true, again: method == http.MethodPatch,
	}
}

// acknowledge tells Discord that an answer will come. Where that gets no
// answer itself, it may still have worked: the edit will tell.
func (b *bot) acknowledge(ctx context.Context, t *target) {
	r := response{Type: respondLater}
	switch {
	case t.update:
		r.Type = respondUpdateLater
	case t.private:
		r.Data = struct {
			Flags int `json:"flags"`
		}{flagEphemeral}
	}
	if err := b.call(ctx, t, r); err != nil {
		b.log.Warn("acknowledge interaction", "error", err)
	}
}

// call sends the first response to an interaction.
func (b *bot) call(ctx context.Context, t *target, r response) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callbackLimit)
	defer cancel()
	c := t.callback()
	c.body = r
	err := b.api.do(ctx, c, nil)
	if refused(err, codeAlreadyAcked) {
		return nil // by an attempt that got no answer
	}
	return err
}

// respond makes a reply the first response to an interaction.
func (b *bot) respond(ctx context.Context, t *target, rep *reply, private bool) error {
	var r response
	switch {
	case t.interaction.Type == interactionAutocomplete:
		choices := rep.choices
		if choices == nil {
			choices = []choice{}
		}
		r = response{Type: respondAutocomplete, Data: struct {
			Choices []choice `json:"choices"`
		}{choices}}
	case rep.modal != nil:
		r = response{Type: respondModal, Data: modalData(rep.modal)}
	default:
		out := pack(rep)[0]
		if private {
			out.Flags |= flagEphemeral
		}
		r = response{Type: respondMessage, Data: out}
	}
	if err := b.call(ctx, t, r); err != nil {
		b.log.Warn("respond to interaction", "error", err)
		if r.Type == respondMessage && !maybeDone(err) {
			t.private = t.private || private
			b.fallBack(ctx, t, pack(rep))
		}
	}
	return nil
}

// maybeDone reports whether a request that failed may have worked.
func maybeDone(err error) bool {
	var n *netError
	return errors.As(err, &n) || status(err) >= 500
}

func modalData(m *modal) any {
	required := !m.optional
	return struct {
		CustomID   string                       `json:"custom_id"`
		Title      string                       `json:"title"`
		Components []discordgo.MessageComponent `json:"components"`
	}{m.id, m.title, []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.TextInput{CustomID: "text", Label: m.label, Style: discordgo.TextInputParagraph, Placeholder: m.hint, Required: required, MaxLength: m.max},
	}}}}
}

// send delivers a reply in the background: a rate limit must not hold up the
// worker that found it.
func (b *bot) send(ctx context.Context, t *target, rep *reply) {
	ctx = context.WithoutCancel(ctx)
	b.spawn("deliver", func() {
		if t.done != nil {
			defer t.done()
		}
		if t.progress != nil {
			t.progress.end()
		}
		if t.interaction == nil {
			ctx, cancel := context.WithTimeout(ctx, sendLimit)
			defer cancel()
			b.post(ctx, t, pack(rep))
			return
		}
		ctx, cancel := context.WithDeadline(ctx, t.until)
		defer cancel()
		b.edit(ctx, t, pack(rep))
	})
}

// edit puts the first message into the place of the acknowledgment and the
// others after it. It is answered in the channel, or in a direct message,
// where Discord has lost the interaction.
func (b *bot) edit(ctx context.Context, t *target, out []outgoing) {
	c := t.webhook(http.MethodPatch, "/messages/@original")
	c.body, c.file = out[0], out[0].file
	if err := b.api.do(ctx, c, nil); err != nil && !errors.Is(err, errGarbled) {
		b.log.Warn("edit answer", "server", t.server, "error", err)
		if !t.update {
			b.fallBack(ctx, t, out)
		}
		return
	}
	for _, o := range out[1:] {
		if t.private {
			o.Flags |= flagEphemeral
		}
		c := t.webhook(http.MethodPost, "")
		c.body = o
		if err := b.api.do(ctx, c, nil); err != nil && !errors.Is(err, errGarbled) && !maybeDone(err) {
			b.log.Warn("send the rest of an answer", "server", t.server, "error", err)
			return
		}
	}
}

// fallBack answers an interaction that Discord no longer knows by ordinary
// messages.
func (b *bot) fallBack(ctx context.Context, t *target, out []outgoing) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendLimit)
	defer cancel()
	direct := *t
	direct.interaction = nil
	if t.private && t.server != "" {
		dm, err := b.directChannel(ctx, t.user)
		if err != nil {
			b.log.Warn("answer lost", "server", t.server, "error", err)
			return
		}
		direct.channel, direct.server = dm, ""
	}
	b.post(ctx, &direct, out)
}

func (b *bot) directChannel(ctx context.Context, user string) (string, error) {
	var c channel
	err := b.api.do(ctx, call{
		method: http.MethodPost, path: "/users/@me/channels", route: "/users/@me/channels", again: true,
		body: map[string]string{"recipient_id": user},
	}, &c)
	return c.ID, err
}

// post sends messages to a channel, as replies to the question where there
// is one.
func (b *bot) post(ctx context.Context, t *target, out []outgoing) {
	for n, o := range out {
		o.Nonce, o.Enforce = nonce(t.nonce, n), true
		if t.replyTo != "" && n == 0 {
			o.Reference = &reference{MessageID: t.replyTo, FailIfNotExists: new(bool)}
		}
		err := b.postOne(ctx, t.channel, o)
		if err == nil {
			continue
		}
		b.log.Warn("send message", "server", t.server, "channel", t.channel, "error", err)
		if refused(err, codeMissingPermissions, codeMissingAccess) {
			b.mend(ctx, t.server, t.channel, t.user, "View Channel and Send Messages (in a thread: Send Messages in Threads)")
		}
		return
	}
}

var errNowhere = errors.New("the channel is not known")

// nonce is at most 25 characters, as Discord wants it.
func nonce(event string, part int) string {
	s := event + "-" + strconv.Itoa(part)
	return s[max(0, len(s)-25):]
}

const noFiles = "-# The rest does not fit into messages, and I may not send files here: a moderator can give me the permission Attach Files."

func (b *bot) postOne(ctx context.Context, channel string, o outgoing) error {
	if channel == "" {
		return errNowhere
	}
	c := call{
		method: http.MethodPost, path: "/channels/" + url.PathEscape(channel) + "/messages", route: "/channels/*/messages",
		body: o, file: o.file, again: true, // the nonce makes two of them one
	}
	err := b.api.do(ctx, c, nil)
	if refused(err, codeNoHistory) {
		o.Reference = nil
		c.body = o
		err = b.api.do(ctx, c, nil)
	}
	if o.file != nil && refused(err, codeMissingPermissions) {
		o.Content, o.file, o.Attachments = join(o.Content, noFiles), nil, nil
		if units(o.Content) > maxContent {
			return err
		}
		c.body, c.file = o, nil
		err = b.api.do(ctx, c, nil)
	}
	if errors.Is(err, errGarbled) {
		return nil
	}
	return err
}

// typing shows that the bot is at work, until the returned function is
// called. Discord shows it for ten seconds at a time.
func (b *bot) typing(ctx context.Context, channel string) (stop func()) {
	ctx, cancel := context.WithTimeout(ctx, workLimit)
	b.spawn("typing", func() {
		for ctx.Err() == nil {
			err := b.api.do(ctx, call{method: http.MethodPost, path: "/channels/" + url.PathEscape(channel) + "/typing", route: "/channels/*/typing"}, nil)
			if err != nil {
				return
			}
			pause(ctx, 8*time.Second)
		}
	})
	return cancel
}
