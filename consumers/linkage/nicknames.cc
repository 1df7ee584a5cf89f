#include "consumers/linkage/nicknames.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace moot {
namespace {

// One group a line, the full names first. A name may stand in several.
constexpr std::string_view kGroups = R"(
abigail abbie abby gail
abraham abe abram bram
adrian ade adie
agnieszka aga agnes
ahmed ahmad ahmet
aidan aiden ade
alan allan allen alun al
albert bert al bertie
alfred al
aleksander olek alexander
aleksandra ola alexandra
alexander alex alec sandy lex xander sasha
alexandra alexandria alex sandra lexi lexie sandy sasha
alfred alf alfie fred freddie
alice ally allie
alison allison ali ally
amanda mandy mand manda
amelia millie milly amy emily
andrew andy drew
angela angie ange
ann anne anna annie nan nancy hannah anita
anthony antony tony ant
antonia toni tonia antoinette
archibald archie
arthur art artie
ashley ash
barbara barb babs
barnaby barney
barry baz bazza
benedict ben benny
benjamin ben benny benji benjy bennie benj
bernard bernie
bethany beth
beverley beverly bev
bradley brad
brian bryan
bridget bridie biddy
callum cal calum
cameron cam
carl karl
caroline carolyn carrie caz carol carole
cassandra cass cassie
catherine katherine kathryn katharine kate katie cathy kathy kath cath kitty kit kay
cecilia cissie celia
charles charlie chas chuck charley
charlotte charlie lottie charley
christina christine chris tina chrissie kristina kris crissy
christopher chris kit topher kris
claire clare clair
clement clem
clifford cliff
connor conor
constance connie
cornelius con neil
cynthia cindy
damian damien
daniel dan danny
daniella danielle dani
darren daz
david dave davey davy davie dai
deborah debra deb debbie debs
denise dee
dennis denis den
derek del derrick
desmond des
diana diane di
dominic dom nic
donald don donnie
dorothy dot dottie dolly dora
douglas doug
duncan dunc dunk
edgar ed
edith edie
edmund edward ed eddie ted teddy ned
edwin ed eddie
eileen aileen
elaine lainey
eleanor elinor ellie nell nellie nora ellen helen
elizabeth elisabeth liz lizzie beth betty betsy eliza bess bessie lisa libby lizzy elsie elspeth lilibet
emily emma em emmie emilia
emmanuel manny
eric erik
ernest ernie
ethan eth
eugene gene
evelyn eve evie eva
faye fay
felicity flick fliss
finlay fin finn finley
florence flo florrie flossie
frances fran francesca franny frankie cesca francie
francis frank frankie
frederick frederic fred freddie freddy fredrick
gabriel gabe
gabrielle gaby gabi
gareth gaz gary
gary gaz garry
gemma jemma
geoffrey jeffrey geoff jeff
george georgie geo
georgina georgia georgie gina
gerald gerard gerry jerry ger
gertrude gertie trudy
gillian jillian gill jill gilly
glenn glen
glenys glynis
gordon gordy
grace gracie
graham graeme
gregory greg
gwendoline gwendolyn gwen
harold harry hal
harriet hattie hatty
harrison harry
helen helena nell ellen lena
helena elena lena
henry harry hal hank
henrietta hetty hettie etta
herbert herb bert bertie
hilary hillary
holly hollie
hugh hughie hugo
hussain hussein husain hossain
ian iain
imogen immy
irene rene
isaac ike
isabella isabel isabelle izzy bella belle issy izzie bel
jacob jake jack
jacqueline jackie jacqui jacky
james jim jimmy jamie jem
jane janie jenny
janet jan
jasmine jas jazz
jason jay
jean jeannie
jennifer jen jenny jenni jenna
jeremy jerry jez jeremiah
jessica jess jessie jesse
joan joanie jo
joanna joanne jo
jodie jody jodi
john jack johnny jon jock
jonathan jon jonny johnny john
joseph joe joey
josephine jo josie
joshua josh
judith judy
julia julie jules
julian jules
karen kaz
katarzyna kasia kate katherine
katherine kat
kathleen kath kathy kathie kay katie cath
katrina trina kat catriona
kelly kel kelley
kenneth ken kenny
kerry kerrie
kevin kev
kieran kieron
kimberley kimberly kim
kirsty kirstie
krzysztof kris chris krzysiek christopher
lauren laura lorraine laurie
laurence lawrence larry laurie lawrie
leah lea
lee leigh
leila layla
leonard leo len lenny
leslie lesley les
lewis louis lou louie lew
lilian lillian lily lil
linda lynda lin lindy lyn
louisa lou lulu
louise lou
lucas luke luca
lucy lucille
lukasz luke
lydia liddy
lynn lynne lyn lin linda
madeleine madeline maddie maddy
malcolm mal
malgorzata gosia margaret
marcus marc mark
margaret maggie meg peggy madge marge margie greta peg rita daisy mags maggy mog
maria marie mary mariah moll molly polly may mae mia
marion marian
marjorie marge marjory
martha mattie patty
martin marty
matilda tilly mattie tilda
matthew matt matty mattie
maureen mo
maurice morris
maxwell maximilian max
megan meg
melanie mel
melissa mel
michael mike mick mickey micky mikey mitch
michelle shell chelle
mildred millie
mitchell mitch
mohammed muhammad mohammad mohamed muhammed mo mohd md moh
montague monty
natalie nat
natasha tasha
nathan nathaniel nate nat
neil neal niall
nicholas nicolas nick nicky nic nico nickie nik niko
nicola nicole nicky nikki
nigel nige
norah nora
norman norm
oliver ollie olly
olivia liv livvy ollie
oscar ozzie
pamela pam
patricia pat patsy trish tricia patty trisha
patrick pat paddy
paul paulie
pauline paula polly
pawel paul
penelope penny
percival percy
peter pete petey
philip phillip phil pip
philippa pippa pip
phyllis phyl
piotr peter piotrek
priscilla cilla
rachel rachael rach
raymond ray
rebecca rebekah becky bex becca
reece rhys rees
reginald reg reggie
richard rick dick ricky rich richie richy
robert bob rob bobby robbie bert robin robby
roberta bobbie
roderick rod
rodney rod
roger rog
ronald ron ronnie
rosalind rosie ros
rosemary rose rosie rosa
rowland roland
rupert robert
russell russ
ruth ruthie
samantha sam sammy sammie
samuel sam sammy
sarah sara sally sadie
scott scotty
sean shaun shawn
sebastian seb
sharon shaz shazza
sheila shelagh
shirley shirl
sidney sydney sid
simon si
sonia sonya
sophia sophie
stacey stacy stacie staci stace anastasia
stanley stan
stephanie steph stevie steff stef
stephen steven steve stevie steph
stewart stuart stu
susan suzanne susannah susanna sue suzie susie susy suse sukie
sylvester sly
sylvia silvia
tamara tammy tam
tanya tania
terence terrence terry tel
teresa theresa terri tess tessa tracy
thaddeus thad
theodore theo ted teddy
thomas tom tommy thom
timothy tim timmy
tobias toby
tomasz tom tomek thomas
tracey tracy tracie trace
trevor trev
valerie val
veronica ronnie
victor vic
victoria vicky vicki tori vikki vic
vincent vince vinny
violet vi
virginia ginny ginger
vivian vivien viv
walter wally walt
wilfred wilf
wilhelmina mina minnie
william will bill billy willie willy liam wills
winifred win winnie freda
yusuf yousuf yusef yousef joseph
yvonne evonne
zachary zachariah zach zac zack
zoe zoey
kiera keira ciara kiara
jackson jaxon
hayley hailey
myles miles
yasmin jasmin yasmine
robyn robin
aisha ayesha aysha
alana alanna lana
alisha elisha
cara kara
christian chris
mariam miriam maryam
)";

// Forenames that are written for no other. Spellings of one name are a group of above, however few of them are met.
constexpr std::string_view kOthers = R"(
aaron abdul adam amber amina anya april arlo ashton audrey austin ava avril bailey beryl billie blake brandon brenda
brody bronwen bruce bryn bryony caleb carla carlos carly carmel carmen carter cerys cheryl chloe clara clive cody cole
colin corey courtney craig cyril dale darcy dawn dean declan demi dexter dina donna doreen doris dylan edna elijah ella
elliot ellis elsa enid erica erin esme esther eunice ezra farah felix fiona francine freya gavin geraldine ginette
gloria glyn grayson greer guy gwyneth hamish harley harvey hazel heather hector heidi howard hunter ibrahim imran iris
isla ivan ivor ivy jade jared jasper jemima jenson jerome joel joyce jude june justin kai kayla keeley keith kian
kirsten kyle lacey lachlan lara leanne leighton leon leona lloyd logan lola lorna lucia luna marcel marcia marina
marlene marley mason mavis maya milo moira muriel myra nadia naomi nina noah noel olive omar orla otis owen paige
parker pearl perry phoebe piper poppy quentin quinn ralph reuben rhiannon riley ronan rory ross rowan roy ruby rufus
ryan saffron scarlett shane shannon shauna sian simone skye spencer stella summer tara tia todd tyler tyrone una ursula
vera vernon wayne wendy willow xavier zainab zara
)";

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

std::unordered_map<std::string_view, std::vector<int>> read_groups() {
  std::unordered_map<std::string_view, std::vector<int>> groups;
  int group = 0;
  for (std::string_view rest = kGroups; !rest.empty(); ++group) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    for (const std::string_view name : words_in(line)) groups[name].push_back(group);
  }
  for (const std::string_view name : words_in(kOthers)) groups[name].push_back(group++);
  return groups;
}

const std::vector<int>& groups_of(std::string_view forename) {
  static const std::unordered_map<std::string_view, std::vector<int>> kByName = read_groups();
  static const std::vector<int> kNone;
  if (const auto found = kByName.find(forename); found != kByName.end()) return found->second;
  // "jimmie" is "jimmy", however a pet form's ending is written.
  static constexpr std::array<std::string_view, 4> kEndings = {"ie", "ey", "y", "i"};
  for (const std::string_view ending : kEndings) {
    if (!forename.ends_with(ending) || forename.size() < ending.size() + 3) continue;
    const std::string stem(forename.substr(0, forename.size() - ending.size()));
    for (const std::string_view other : kEndings)
      if (const auto found = kByName.find(stem + std::string(other)); found != kByName.end()) return found->second;
    return kNone;
  }
  return kNone;
}

}  // namespace

std::uint64_t nickname_groups(std::string_view forename) {
  std::uint64_t bits = 0;
  for (const int group : groups_of(forename)) bits |= std::uint64_t{1} << (group % 64);
  return bits;
}

std::vector<std::string_view> forenames_of_their_own() { return words_in(kOthers); }

bool are_two_forenames(std::string_view a, std::string_view b) {
  return !groups_of(a).empty() && !groups_of(b).empty() && !may_stand_for(a, b);
}

bool may_stand_for(std::string_view a, std::string_view b) {
  for (const int group : groups_of(a))
    for (const int other : groups_of(b))
      if (group == other) return true;
  return false;
}

}  // namespace moot
