/** One emoji, and the words by which it is found, in both languages and without accents. */
export type Emoji = { emoji: string; words: string };
export const EMOJI_GROUPS = ["faces", "hands", "hearts", "orders", "places", "food", "signs"] as const;
export type EmojiGroup = (typeof EMOJI_GROUPS)[number];

/*
 * What people who serve customers write, not all that Unicode has: that is a hundred times as much, and every system has
 * a picker of its own for it. In a line: the emoji, then its words.
 */
const LISTS: Record<EmojiGroup, string> = {
  faces: `😀 sorriso feliz smile happy
😄 sorriso alegre riso smile joy laugh
😁 sorriso dentes grin teeth
😅 alivio suor nervoso sweat relief
😂 rindo lagrimas risada laughing tears
🤣 rolando rir rofl laughing
🙂 sorriso leve slight smile
😉 piscada piscar wink
😊 corado feliz blush happy
😇 anjo inocente angel halo
🥰 apaixonado coracoes love hearts
😍 apaixonado olhos coracao love eyes
😘 beijo kiss
😋 delicia gostoso yum tasty
😎 oculos legal cool sunglasses
🤩 estrelas uau star struck wow
🥳 festa comemorar party celebrate
🤗 abraco hug
🤔 pensando duvida thinking doubt
🤨 desconfiado sobrancelha eyebrow
😐 neutro serio neutral
😌 aliviado calmo relieved calm
😴 dormindo sono sleep
😔 triste pensativo sad pensive
😢 chorando triste cry sad
😭 chorando muito sob crying
😞 desapontado disappointed
😕 confuso confused
😟 preocupado worried
😮 surpreso surprised
😱 susto grito scream shock
😳 envergonhado flushed
🥺 por favor suplica pleading please
😡 bravo raiva angry
😤 irritado huff
🤯 explodindo mente mind blown
🤒 doente febre sick fever
😷 mascara mask sick
🙃 de cabeca para baixo upside down
😬 careta grimace`,
  hands: `👍 joinha legal positivo ok thumbs up yes
👎 negativo nao thumbs down no
👌 ok perfeito perfect
🙏 obrigado por favor rezar thanks please pray
👏 palmas parabens clap congratulations
🙌 maos para cima viva hooray hands
🤝 aperto acordo handshake deal
👋 ola oi tchau hello bye wave
💪 forca strong muscle
🤞 dedos cruzados sorte luck fingers crossed
✌️ paz vitoria peace victory
☝️ um aponta cima point up one
👆 cima acima up above
👇 baixo abaixo down below
👉 direita right point
👈 esquerda left point
✍️ escrever write
🤷 nao sei shrug dunno
🙋 mao levantada pergunta raised hand question
👀 olhos vendo eyes look
💁 atendimento informacao help desk information
👩‍💻 atendente computador agent computer
👨‍🔧 tecnico conserto repair technician`,
  hearts: `❤️ coracao amor heart love red
🧡 coracao laranja heart orange
💛 coracao amarelo heart yellow
💚 coracao verde heart green
💙 coracao azul heart blue
💜 coracao roxo heart purple
🖤 coracao preto heart black
🤍 coracao branco heart white
💔 coracao partido broken heart
💖 coracao brilho sparkling heart
✨ brilho brilhos sparkles
🎉 festa parabens tada party congratulations
🎊 confete confetti
🎁 presente brinde gift present
🎈 balao balloon birthday
🏆 trofeu premio trophy prize
⭐ estrela star
🌟 estrela brilho glowing star
🔥 fogo quente fire hot
🌹 rosa flor rose flower
🌻 girassol flor sunflower`,
  orders: `📦 pacote caixa encomenda pedido package box order
🚚 caminhao entrega frete truck delivery shipping
🛵 moto entrega scooter delivery
🛒 carrinho compra cart shopping
🛍️ sacolas compras shopping bags
💳 cartao credito pagamento card payment credit
💰 dinheiro money
💵 nota dinheiro dollar cash
🧾 recibo nota fiscal receipt invoice
🏷️ etiqueta preco desconto tag price label discount
🔄 troca devolucao exchange return refresh
📄 documento pagina document page
📎 anexo clipe attachment paperclip
📝 anotacao formulario note form
📋 lista prancheta clipboard list
📷 foto camera photo
📱 celular telefone phone mobile
☎️ telefone ligar telephone call
📞 ligacao telefone call phone
💻 computador notebook computer laptop
🖨️ impressora printer
🔋 bateria battery
🔌 tomada plugue plug
🔧 conserto chave ferramenta fix wrench tool
🔑 chave senha key password
🔒 cadeado seguro fechado lock secure
🔓 aberto desbloqueado unlock
📧 email e-mail
✉️ carta envelope mail
📅 calendario data prazo calendar date
⏰ alarme hora clock alarm
⏳ esperando ampulheta waiting hourglass
⌚ relogio watch
🔔 aviso sino bell notification
🔍 procurar lupa search
💡 ideia lampada idea bulb
🔗 link corrente chain`,
  places: `🏠 casa home house
🏢 empresa predio office building
🏬 loja shopping store
🏪 loja conveniencia shop
🏦 banco bank
🏥 hospital saude health
📍 local endereco pin place address
🗺️ mapa map
🚗 carro car
🚌 onibus bus
✈️ aviao viagem plane travel
🚲 bicicleta bike
🌎 mundo planeta world
🇧🇷 brasil bandeira brazil flag
☀️ sol sun
🌧️ chuva rain
🌙 lua noite moon night
🌈 arco-iris rainbow`,
  food: `☕ cafe coffee
🍵 cha tea
🥤 suco refrigerante drink juice
🍺 cerveja beer
🍕 pizza comida
🍔 hamburguer burger
🍟 batata frita fries
🌭 cachorro quente hot dog
🥗 salada salad
🍣 sushi
🍞 pao bread
🧀 queijo cheese
🍎 maca fruta apple fruit
🍌 banana fruta fruit
🎂 bolo aniversario cake birthday
🍫 chocolate
🍦 sorvete ice cream
🍽️ prato talheres plate dinner`,
  signs: `✅ certo pronto feito check done yes
✔️ certo check
❌ errado nao cancelar cross no cancel
⚠️ atencao cuidado warning attention
❗ exclamacao importante important exclamation
❓ pergunta duvida question
ℹ️ informacao information
🚫 proibido nao pode forbidden
🆗 ok
🆕 novo new
🔴 vermelho red
🟡 amarelo yellow
🟢 verde green
🔵 azul blue
➡️ seta direita arrow right
⬅️ seta esquerda arrow left
⬆️ seta cima arrow up
⬇️ seta baixo arrow down
1️⃣ um primeiro one first
2️⃣ dois segundo two second
3️⃣ tres terceiro three third
4️⃣ quatro four
5️⃣ cinco five
💯 cem perfeito hundred
💬 mensagem conversa message chat
📢 anuncio megafone announcement
♻️ reciclar recycle
🕐 hora relogio clock time`,
};

const listed = (group: EmojiGroup): readonly Emoji[] =>
  LISTS[group].split("\n").map((line) => {
    const at = line.indexOf(" ");
    return { emoji: line.slice(0, at), words: line.slice(at + 1) };
  });

export const EMOJI: Record<EmojiGroup, readonly Emoji[]> = {
  faces: listed("faces"),
  hands: listed("hands"),
  hearts: listed("hearts"),
  orders: listed("orders"),
  places: listed("places"),
  food: listed("food"),
  signs: listed("signs"),
};
