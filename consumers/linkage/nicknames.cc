#include "consumers/linkage/nicknames.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace moot {
namespace {

// One group a line, the full names first. A name may stand in several.
constexpr std::string_view kGroups = R"(
abigail abbie abby gail
abraham abe abram bram
albert bert al bertie
alexander alex alec sandy lex xander sasha
alexandra alexandria alex sandra lexi lexie sandy sasha
alfred alf alfie fred freddie
alice ally allie
alison allison ali ally
amanda mandy
amelia millie milly amy emily
andrew andy drew
angela angie ange
ann anne anna annie nan nancy hannah anita
anthony antony tony ant
archibald archie
arthur art artie
barbara barb babs
barnaby barney
benjamin ben benny benji
bernard bernie
bradley brad
caroline carolyn carrie caz
catherine katherine kathryn katharine kate katie cathy kathy kath cath kitty kit kay
charles charlie chas chuck
charlotte charlie lottie charley
christina christine chris tina chrissie kristina
christopher chris kit topher kris
clifford cliff
constance connie
cornelius con neil
cynthia cindy
daniel dan danny
daniella danielle dani
david dave davey davy
deborah debra deb debbie debs
denise dee
dennis denis den
diana diane di
donald don donnie
dorothy dot dottie dolly dora
douglas doug
edmund edward ed eddie ted teddy ned
edwin ed eddie
eleanor elinor ellie nell nellie nora ellen helen
elizabeth elisabeth liz lizzie beth betty betsy eliza bess bessie lisa libby lizzy elsie
emily emma em emmie emilia
ernest ernie
eugene gene
florence flo florrie flossie
frances fran francesca franny frankie cesca
francis frank frankie
frederick frederic fred freddie freddy
gabriel gabe
gabrielle gaby gabi
geoffrey jeffrey geoff jeff
george georgie
georgina georgia georgie gina
gerald gerard gerry jerry
gertrude gertie trudy
gillian jillian gill jill
gordon gordy
graham graeme
gregory greg
gwendoline gwendolyn gwen
harold harry hal
harriet hattie
henry harry hal hank
herbert herb bert bertie
hilary hillary
hugh hughie hugo
imogen immy
irene rene
isaac ike
isabella isabel isabelle izzy bella belle issy
jacob jake jack
jacqueline jackie jacqui
james jim jimmy jamie jem
janet jan
jane janie jenny
jasmine jas jazz
jean jeannie
jennifer jen jenny jenni
jeremy jerry jez jeremiah
jessica jess jessie
jillian jill
joan joanie
joanna joanne jo
john jack johnny jon jock
jonathan jon jonny johnny john
joseph joe joey
josephine jo josie
joshua josh
judith judy
julia julie jules
julian jules
karen kaz
kenneth ken kenny
kevin kev
kimberley kimberly kim
lauren laura lorraine
laurence lawrence larry laurie lawrie
leonard leo len lenny
leslie lesley les
lewis louis lou louie
lilian lillian lily lil
louise lou
lucy lucille
lydia liddy
madeleine madeline maddie maddy
malcolm mal
margaret maggie meg peggy madge marge margie greta peg rita daisy
maria marie mary mariah moll molly polly may mae mia
marjorie marge marjory
martha mattie patty
martin marty
matilda tilly mattie tilda
matthew matt matty
maureen mo
maurice morris
maxwell maximilian max
megan meg
melanie mel
melissa mel
michael mike mick mickey micky
michelle shell chelle
mildred millie
mohammed muhammad mohammad mohamed muhammed mo
montague monty
nathan nathaniel nate nat
natalie nat
natasha tasha
nicholas nicolas nick nicky nic
nicola nicole nicky nikki
oliver ollie olly
olivia liv livvy
oscar ozzie
pamela pam
patricia pat patsy trish tricia patty
patrick pat paddy
paul paulie
pauline paula polly
penelope penny
percival percy
peter pete
philip phillip phil pip
philippa pippa pip
priscilla cilla
rachel rachael rach
raymond ray
rebecca rebekah becky bex becca
reginald reg reggie
richard rick dick ricky rich richie
robert bob rob bobby robbie bert robin
roberta bobbie
roderick rod
rodney rod
roger rog
ronald ron ronnie
rosemary rose rosie
rosalind rosie ros
rowland roland
rupert robert
russell russ
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
sebastian seb
sheila shelagh
sidney sydney sid
simon si
sophia sophie
stanley stan
stephanie steph stevie
stephen steven steve stevie
stewart stuart stu
susan suzanne susannah sue suzie susie
sylvester sly
sylvia silvia
terence terrence terry tel
teresa theresa terri tess tessa tracy
thaddeus thad
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
veronica ronnie
victor vic
victoria vicky vicki tori vikki
vincent vince vinny
virginia ginny ginger
vivian vivien viv
walter wally walt
wilfred wilf
wilhelmina mina minnie
william will bill billy willie willy liam
winifred win winnie freda
yvonne evonne
zachary zachariah zach zac zack
)";

std::unordered_map<std::string_view, std::vector<int>> read_groups() {
  std::unordered_map<std::string_view, std::vector<int>> groups;
  int group = 0;
  std::string_view rest = kGroups;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    while (!line.empty()) {
      const std::string_view name = line.substr(0, line.find(' '));
      line.remove_prefix(std::min(line.size(), name.size() + 1));
      groups[name].push_back(group);
    }
    ++group;
  }
  return groups;
}

const std::vector<int>& groups_of(std::string_view forename) {
  static const std::unordered_map<std::string_view, std::vector<int>> kByName = read_groups();
  static const std::vector<int> kNone;
  const auto found = kByName.find(forename);
  return found == kByName.end() ? kNone : found->second;
}

}  // namespace

std::uint64_t nickname_groups(std::string_view forename) {
  std::uint64_t bits = 0;
  for (const int group : groups_of(forename)) bits |= std::uint64_t{1} << (group % 64);
  return bits;
}

bool may_stand_for(std::string_view a, std::string_view b) {
  for (const int group : groups_of(a))
    for (const int other : groups_of(b))
      if (group == other) return true;
  return false;
}

}  // namespace moot
