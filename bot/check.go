package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/render"
	"verbatim/internal/safetext"
)

// Finding is one thing that Check looked at.
type Finding struct {
	OK   bool
	What string // what was looked at, with what was found
	Mend string // what to do if it is not OK
}

// checkLimit bounds one check as a whole.
const checkLimit = 30 * time.Second

// Flags of an application that say which intents the portal allows.
const (
	flagMessageContent        = 1 << 18
	flagMessageContentLimited = 1 << 19
)

// Check looks at all that the bot needs of Discord before its first start:
// token, intents, servers with the bot's permissions, and commands. It writes
// nothing, and needs neither Desk nor Settings.
func Check(ctx context.Context, o Options) []Finding {
	o = o.withDefaults()
	switch err := o.checkToken(); {
	case errors.Is(err, ErrNoToken):
		return []Finding{{What: "Discord token: there is none", Mend: err.Error()}}
	case err != nil:
		return []Finding{{What: "Discord token: it can be none", Mend: err.Error()}}
	}
	api, err := discord.NewClient(o.client())
	if err != nil {
		return []Finding{{What: "Discord address", Mend: err.Error()}}
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	c := &checker{options: &o, api: api}
	app, ok := c.token(ctx)
	if !ok {
		return c.findings
	}
	c.intents(app)
	c.gateway(ctx)
	c.servers(ctx, app)
	c.commands(ctx, app)
	return c.findings
}

type checker struct {
	options  *Options
	api      *discord.Client
	findings []Finding
}

func (c *checker) ok(format string, a ...any) {
	c.findings = append(c.findings, Finding{OK: true, What: fmt.Sprintf(format, a...)})
}

func (c *checker) fault(mend, format string, a ...any) {
	c.findings = append(c.findings, Finding{What: fmt.Sprintf(format, a...), Mend: mend})
}

func (c *checker) get(ctx context.Context, path, route string, out any) error {
	return c.api.Do(ctx, discord.Call{Method: http.MethodGet, Path: path, Route: route, Again: true}, out)
}

type application struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Flags int    `json:"flags"`
}

func (c *checker) token(ctx context.Context) (application, bool) {
	var me struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Bot      *bool  `json:"bot"`
	}
	err := c.get(ctx, "/users/@me", "/users/@me", &me)
	switch {
	case discord.Status(err) == http.StatusUnauthorized:
		c.fault(discord.ErrToken.Error(), "Discord token: refused")
		return application{}, false
	case err != nil:
		c.fault("Look whether this machine reaches "+c.api.Base+", and whether https://discordstatus.com reports a fault.", "Discord: %v", err)
		return application{}, false
	case me.Bot == nil && c.options.APIURL == "", me.Bot != nil && !*me.Bot:
		c.fault(discord.ErrToken.Error(), "Discord token: belongs to a person and not to a bot")
		return application{}, false
	}
	c.ok("Discord token: of the bot %s", me.Username)
	var app application
	for _, path := range []string{"/oauth2/applications/@me", "/applications/@me"} {
		if err := c.get(ctx, path, path, &app); err == nil && app.ID != "" {
			return app, true
		}
	}
	return application{ID: me.ID, Flags: -1}, true
}

func (c *checker) intents(app application) {
	switch {
	case !c.options.MessageContent:
		c.ok("Intents: only ordinary ones are asked for; ask channels are off (discord.message_content)")
	case app.Flags < 0:
		c.ok("Intents: Message Content is asked for; the server does not say whether it is switched on")
	case app.Flags&(flagMessageContent|flagMessageContentLimited) == 0:
		c.fault(discord.ErrIntents.Error(), "Intents: Message Content is asked for and not switched on")
	default:
		c.ok("Intents: Message Content is switched on")
	}
}

func (c *checker) gateway(ctx context.Context) {
	g, err := c.api.GatewayInfo(ctx)
	if err != nil {
		c.fault("Try again in a minute; see https://discordstatus.com.", "Gateway: %v", err)
		return
	}
	left := ""
	if g.Limit.Remaining != nil {
		left = fmt.Sprintf(", %d more starts today", *g.Limit.Remaining)
		if *g.Limit.Remaining == 0 {
			c.fault("Wait until tomorrow: something restarted this bot again and again.", "Gateway: no more starts today")
			return
		}
	}
	c.ok("Gateway: %s%s", render.Count(max(1, g.Shards), "shard"), left)
}

// maxCheckedServers bounds how many servers are looked at one by one.
const maxCheckedServers = 20

func (c *checker) servers(ctx context.Context, app application) {
	var servers []struct {
		ID          string         `json:"id"`
		Name        string         `json:"name"`
		Permissions discord.Digits `json:"permissions"`
	}
	err := c.get(ctx, "/users/@me/guilds", "/users/@me/guilds", &servers)
	if discord.Lacks(err) {
		c.ok("Servers: the server does not list them")
		return
	}
	if err != nil {
		c.fault("Try again in a minute.", "Servers: %v", err)
		return
	}
	if len(servers) == 0 {
		c.fault("Open this address and choose a server: "+InviteURL(app.ID), "Servers: the bot is in none")
		return
	}
	c.ok("Servers: the bot is in %s", render.Count(len(servers), "server"))
	for i, s := range servers {
		if i == maxCheckedServers {
			break
		}
		bits, told := discord.Permissions(s.Permissions)
		if missing := discord.MissingPermissions(bits); told && len(missing) > 0 {
			c.fault("Give them to the bot's role under Server Settings, Roles, or invite it again: "+InviteURL(app.ID),
				"Permissions in %s: %s missing", safetext.Named(render.Clip(s.Name, render.MaxName)), strings.Join(missing, ", "))
		}
	}
}

func (c *checker) commands(ctx context.Context, app application) {
	path, route := discord.CommandsPath(app.ID, c.options.DevServer)
	known, err := c.api.Commands(ctx, path, route)
	if discord.Lacks(err) || errors.Is(err, discord.ErrGarbled) {
		c.ok("Commands: the server does not list them; all are written at the start")
		return
	}
	if err != nil {
		mend := "Try again in a minute."
		if discord.HasCode(err, discord.CodeMissingAccess) {
			mend = "Invite the bot with the scope applications.commands: " + InviteURL(app.ID)
		}
		c.fault(mend, "Commands: %v", err)
		return
	}
	b := &bot{options: *c.options}
	differ := 0
	for _, r := range b.commands() {
		if old, ok := known[discord.Key(r.Command)]; !ok || !discord.Same(old, r.Command) {
			differ++
		}
	}
	if differ == 0 {
		c.ok("Commands: registered")
		return
	}
	c.ok("Commands: %d to be registered at the start", differ)
}

// InviteURL is the address where someone who may manage a server adds the
// bot with this application id to it.
func InviteURL(application string) string {
	v := url.Values{}
	v.Set("client_id", application)
	v.Set("permissions", fmt.Sprint(uint64(discord.WantedPermissions)))
	v.Set("scope", "bot applications.commands")
	return "https://discord.com/oauth2/authorize?" + v.Encode()
}

// Invite asks Discord for the bot's application id and returns its InviteURL.
func Invite(ctx context.Context, o Options) (string, error) {
	o = o.withDefaults()
	if err := o.checkToken(); err != nil {
		return "", err
	}
	api, err := discord.NewClient(o.client())
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	c := &checker{options: &o, api: api}
	app, ok := c.token(ctx)
	if !ok {
		f := c.findings[len(c.findings)-1]
		return "", fmt.Errorf("%s: %s", f.What, f.Mend)
	}
	return InviteURL(app.ID), nil
}
