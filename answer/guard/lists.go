package guard

// The lists of words behind lexicon. They know English news, and are to be
// extended by what is found missing.

const monthNames = `january jan
february feb
march
april apr
may
june jun
july jul
august aug
september sep sept
october oct
november nov
december dec`

const fillers = `also however meanwhile moreover furthermore thus therefore still yet even well around some about approximately roughly
nearly almost just exactly only much many several various another one two there here including included include like according
per anyone anybody anything means via amid among across within without toward towards since been being get got put made make say said would`

const conjunctions = `and but or although though while whereas because who which whom whose that after before when where if unless
despite following amid until since as`

// "cease" and its like count: what is stopped is not going on.
const negators = `not never no none nobody nothing neither nor without cannot deny denied denies refuse refused refusal reject rejected
rejection fail failed failure unable lack lacked hardly barely scarcely false untrue impossible nowhere cease ceased stop stopped
halt halted suspend suspended prevent prevented dismiss dismissed refute refuted decline declined disavow cancel canceled cancelled postpone
postponed scrap scrapped`

// A pair is two lists of words that exclude each other.
const antonyms = `confirm accept approve endorse|reject deny dismiss refute
increase rise grow gain climb raise boost|decrease fall decline drop shrink cut lower reduce
strengthen reinforce bolster|weaken
advance|retreat withdraw
deploy|withdraw
win victory|lose defeat
open reopen|close shut
arrive|leave depart
enter|exit leave
begin start launch|end finish conclude
allow permit let authorise authorize|ban forbid block bar prohibit
support back|oppose
agree|disagree
before|after
more|less fewer
most|least fewest
largest biggest highest|smallest lowest
north northern|south southern
east eastern|west western
northeast northeastern|southwest southwestern
northwest northwestern|southeast southeastern
alive survive|dead die kill
former|current incumbent
guilty convict|innocent acquit
ally friend|enemy foe
likely|unlikely
above|below
majority|minority
rich|poor
success succeed|failure fail
buy|sell
borrow|lend
hire appoint|fire sack dismiss
rural|urban
legal|illegal
safe|dangerous unsafe
true|false
within inside|outside beyond
public|secret
temporary|permanent
male men man|female women woman
civilian|military`

const reportingVerbs = `say tell told claim report tweet allege add confirm acknowledge admit concede announce state declare
insist argue maintain assert warn note explain suggest vow promise pledge assure deny reject estimate believe think accuse
predict describe write wrote remark reply respond stress emphasise emphasize reiterate contend cite quote recall urge testify
reveal disclose indicate caution complain boast concede`

const claimNouns = `report claim allegation rumour rumor statement tweet accusation testimony suggestion post posts caption estimate account`

const hedges = `will would could may might can plan plans planned planning intend intends intended vow vowed vows promise promised
pledge pledged expect expected expects likely possible possibly potential potentially perhaps probably fear fears feared concern
concerned concerns threat threatens threatened threatening prepare preparing prepared ready aim aims aimed seek seeks hope hopes
hoped appear appears appeared seem seems seemed should want wants wanted propose proposed consider considering attempt attempts
try tries trying tried ordered order orders direct directed directs call called calls agree agreed set due upcoming future if
unless believe believed trying would-be refuse refused refuses risk risks goal eventual eventually`

const addresses = `i me my mine myself we us our ours ourselves you your yours yourself yourselves i'm i've i'll i'd you're you've
you'll you'd we're we've we'll please sure click subscribe`

const imperatives = `add augment answer apply ask avoid be begin break browse build buy bypass calculate call change check choose
click combine compare compose conclude consider contact convert copy create delete describe develop disclose discover disregard
do donate don't download draft email encode encourage enhance enjoy ensure enter execute explain explore fetch find follow forget
forward generate get give go group guess hint highlight ignore imagine include insert install integrate introduce invite join
jumble keep learn let list listen login look make mention misspell modify never note offer open output override paste pay phone
ping post prepare print promote provide purchase read rearrange recommend refer remember remind remove render repeat replace
reply report respond return reveal reverse rewrite run save say scramble see seek select send share show sign skip solve start stop
stress submit subscribe substitute suggest summarise summarize switch tease tell translate trust try turn type unplug update
upgrade upload use verify view visit vote wait watch write`

const commonStarts = `a about above according across after again against ago all almost along already also although always amid among
an and another any around as at authorities because been before being believed below between both but by can capital city commandos
commanders council country current currently dead deaths despite district districts documents dozens due during each earlier early
efforts either eight eighteen eighty eleven even every experts few fewer fifteen fifty fighters fighting first five following for
forces forty four from further government governor half he head heads her here his hours how however hundreds if in including
initial initially insurgents instead it its journalist journalists just last late later leaders less local many may meanwhile media
members militants military militias minister ministers more moreover most much nearly neither new newly next nine nineteen no nobody
none nor not nothing now number numerous of officers official officials on once one only opposition or other others over parliament
part past peace people per plans police president previous previously prior prisoners prosecutors protesters provincial rebels recent
recently refugees reportedly reports residents roughly scientists security senior seven several she since six so soldiers some
sometime soon sources staff state still such ten that the their them then there these they thirty this those though thousands three
through thus to today together tomorrow top total towards troops two under unlike until up veteran victims video videos voters was
way weeks were what when where whether which while who why with within without witnesses women workers yesterday years yet`

// Groups of near synonyms of news language. They serve to recognise a
// paraphrase, never to accept a figure or a name.
const synonyms = `flee escape cross retreat run
leave vacate depart exit withdraw withdrawal pull pullout departure quit abandon
soldier troop serviceman servicemen force personnel army military member
militant insurgent fighter rebel
capture seize take overrun conquer fall lose oust grab gain took control
send deploy dispatch deployment
order direct instruct command
big large major vast huge
build construct
kill die dead slay death
fight clash battle combat war fighting
worry concern fear anxious
begin start launch
end finish conclude stop cease halt
help aid assist assistance support backup
protect defend defence defense secure guard safeguard
strengthen reinforce bolster reinforcement
near approach close
talk speak discuss phone call conversation
meet meeting
number figure total count
allow let permit permission authorise authorize
mostly largely mainly
attack assault offensive strike raid
refuge shelter asylum
border frontier
get receive obtain
reporter journalist correspondent
agency service
vow pledge promise
cooperation cooperate collaborate
province region
previous last prior
part share
retake recapture
way road route
official authority
plane aircraft
arrive reach
near outskirt
quick quickly rapid swift fast
show display
exact precise
intend plan mean aim
focus concentrate
envoy ambassador
charge command commander
leader lead led head chief
people person
citizen civilian resident
town city
give provide supply offer
many numerous
increase rise grow growth
decrease drop decline reduce reduction
buy purchase acquire
child kid
company firm
money fund
job work
vote ballot election poll
law legislation bill
police officer
injure wound hurt
arrest detain
home house
say tell`

// weighty are words for what does grave harm when it is not so: what they say
// must be in the quotes, in one of the words of its line.
const weighty = `convict convicted conviction guilty
acquit acquitted acquittal exonerated cleared
sue sued sues suing lawsuit lawsuits suit suits litigation
charged indict indicted indictment indictments
arrest arrested arrests detained custody
jail jailed prison imprisoned sentence sentenced bars
kill killed kills killing killings dead died dies death deaths fatal fatally fatality fatalities slain lives
murder murdered murders homicide
execute executed execution executions
rape raped assault assaulted abuse abused harassed harassment
injure injured injuries injury wounded hurt
resign resigned resigns resignation stepped step quit quits
fire fired sacked ousted dismissed removed
bankrupt bankruptcy insolvent
sign signed signs signature
veto vetoed vetoes
lift lifted lifts
ban banned bans bar barred prohibited prohibition
approve approved approves approval
win won wins winner winning victory
lose lost loses loss losing defeat defeated
bribe bribed bribery corrupt corruption
fraud defraud defrauded fraudulent
steal stole stolen theft stealing
lie lied lies lying
divorce divorced
marry married marriage wedding wed weds
pregnant pregnancy
cancer tumor tumour
infected infection infections
overdose overdosed
suicide
hostage hostages kidnapped kidnapping abducted abduction
bomb bombed bombing bombs explosion exploded explosions blast
invade invaded invasion invades
surrender surrendered surrenders
ceasefire truce
coup overthrow overthrown overthrew
strike strikes walkout
protest protests protested protesters demonstrators demonstration demonstrations
riot riots rioting rioters
nuclear
terrorist terrorists terrorism terror
massacre massacred genocide
torture tortured
poison poisoned poisoning
hack hacked hackers breach
recall recalled recalls
collapse collapsed collapses
shoot shot shooting shootings gunfire gunman gunmen
defect defected defects defection defections
confess confessed confession
apologise apologised apologize apologized apology apologies
outlaw outlawed illegal illegally unlawful`

const irregulars = `know: knew known
beat: beat beaten
hit: hit
do: did done
get: got gotten
make: made
bleed: bled
bite: bit bitten
blow: blew blown
bind: bound
dig: dug
feed: fed
forbid: forbade forbidden
forget: forgot forgotten
forgive: forgave forgiven
hide: hid hidden
steer: steered
ring: rang rung
sing: sang sung
wake: woke woken
flee: fled
fight: fought
leave: left
take: took taken
fall: fell fallen
go: went gone
give: gave given
hold: held
lose: lost
win: won
send: sent
meet: met
speak: spoke spoken
tell: told
say: said
begin: began begun
rise: rose risen
come: came
become: became
see: saw seen
find: found
think: thought
bring: brought
buy: bought
build: built
catch: caught
choose: chose chosen
drive: drove driven
eat: ate eaten
feel: felt
fly: flew flown
grow: grew grown
hear: heard
keep: kept
lead: led
lend: lent
mean: meant
pay: paid
ride: rode ridden
run: ran
sell: sold
shoot: shot
show: shown
sink: sank sunk
sit: sat
sleep: slept
spend: spent
stand: stood
steal: stole stolen
strike: struck stricken
swear: swore sworn
swim: swam swum
teach: taught
throw: threw thrown
understand: understood
wear: wore worn
write: wrote written
break: broke broken
draw: drew drawn
seek: sought
freeze: froze frozen
shake: shook shaken
withdraw: withdrew withdrawn
overrun: overran
retake: retook retaken
defence: defense
centre: center
kilometre: kilometer`

const units = `percent % pct
km kilometer kilometers kilometre kilometres kms
mile miles
m metre metres meter meters
foot feet ft
kg kilogram kilograms kilo kilos
ton tons tonne tonnes
pound pounds
gram grams
litre litres liter liters
gallon gallons
barrel barrels
hectare hectares
acre acres
second seconds
minute minutes
hour hours
day days
week weeks
month months
year years decade decades century centuries
degree degrees
celsius
fahrenheit
dollar dollars usd
euro euros eur
ruble rubles rouble roubles
rupee rupees
yen
yuan
afghani afghanis
watt watts
kilowatt kilowatts
megawatt megawatts
point points`
